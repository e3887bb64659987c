/// The first hour: `baton init` writes the configuration of a cluster's hosts with secrets and
/// certificates, `baton doctor` looks at an installation and says what is wrong and how to mend it.
@NullMarked
package dev.baton.service.setup;

import org.jspecify.annotations.NullMarked;
