/// Benchmarks that compare within one run: what is measured on a busy machine means something only
/// beside its rival.
@NullMarked
package dev.baton.lab.bench;

import org.jspecify.annotations.NullMarked;
