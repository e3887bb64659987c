/// Compares what clients were told with what is stored, and one database's content with the
/// other's. Asks the databases on their own ports, past every agent.
@NullMarked
package dev.baton.lab.check;

import org.jspecify.annotations.NullMarked;
