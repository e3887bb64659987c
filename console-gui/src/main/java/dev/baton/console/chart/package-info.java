/// Charts over time: a ring buffer of samples, the smallest and largest sample for each pixel
/// column, and a canvas that draws them. What is drawn costs by the width of the chart, not by the
/// number of samples.
@NullMarked
package dev.baton.console.chart;

import org.jspecify.annotations.NullMarked;
