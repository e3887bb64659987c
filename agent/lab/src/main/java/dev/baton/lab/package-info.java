/// Demo, load, faults and benchmarks; never packaged for production.
@NullMarked
package dev.baton.lab;

import org.jspecify.annotations.NullMarked;
