package dev.baton.console.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/// A strip of time that ends now: one or more series drawn on a canvas, told apart by colour and by
/// dash. The axis begins at zero. Redrawn by [#draw], which the owner calls at a pace of its own.
public final class StripChart extends Region {
  private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");
  private static final double LEFT = 62;
  private static final double BOTTOM = 16;
  private static final double TOP = 8;
  private static final double[][] DASHES = {{}, {6, 3}, {2, 3}, {8, 3, 2, 3}};

  private final Canvas canvas = new Canvas();
  private final List<Line> lines = new ArrayList<>();
  private final DoubleFunction<String> labels;
  private final double smallestTop;
  private final long spanMillis;
  private @Nullable Threshold threshold;
  private Ink ink = Ink.LIGHT;

  /// @param labels how a value is written at the axis
  /// @param smallestTop the axis ends here at least
  public StripChart(DoubleFunction<String> labels, double smallestTop, long spanMillis) {
    this.labels = labels;
    this.smallestTop = smallestTop;
    this.spanMillis = spanMillis;
    getStyleClass().add("strip-chart");
    getChildren().add(canvas);
    setMinSize(120, 60);
    setPrefSize(320, 120);
  }

  /// One series with its name and colour; which dash it gets follows from its place.
  public record Line(String name, Series series, Color color) {}

  /// A level that matters, drawn across.
  public record Threshold(String name, double value) {}

  /// Colours of what is not data.
  public record Ink(Color text, Color grid) {
    public static final Ink LIGHT = new Ink(Color.web("#57606a"), Color.web("#d0d7de"));
    public static final Ink DARK = new Ink(Color.web("#8b949e"), Color.web("#30363d"));
  }

  public void setLines(List<Line> shown) {
    lines.clear();
    lines.addAll(shown);
  }

  public void setThreshold(@Nullable Threshold threshold) {
    this.threshold = threshold;
  }

  public void setInk(Ink ink) {
    this.ink = ink;
  }

  /// @param nowMillis time at the right edge
  /// @param stale the newest sample is old; the strip fades and is hatched
  public void draw(long nowMillis, boolean stale) {
    pseudoClassStateChanged(STALE, stale);
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    int columns = (int) (width - LEFT - 4);
    if (columns < 8 || height < TOP + BOTTOM + 8) {
      return;
    }
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    List<Columns> drawn = new ArrayList<>();
    double max = threshold == null ? 0 : threshold.value();
    for (Line line : lines) {
      Columns of = Columns.of(line.series(), nowMillis - spanMillis, nowMillis + 1, columns);
      drawn.add(of);
      max = Math.max(max, of.max());
    }
    double top = NiceScale.top(max, smallestTop);
    grid(g, columns, height, top);
    g.setGlobalAlpha(stale ? 0.35 : 1);
    for (int i = 0; i < drawn.size(); i++) {
      strip(g, drawn.get(i), lines.get(i), DASHES[i % DASHES.length], height, top);
    }
    g.setGlobalAlpha(1);
    legend(g, columns);
    if (stale) {
      hatch(g, columns, height);
    }
  }

  private void grid(GraphicsContext g, int columns, double height, double top) {
    g.setFont(Font.font(10));
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.RIGHT);
    g.setLineWidth(1);
    g.setLineDashes();
    for (double part : new double[] {0, 0.5, 1}) {
      double y = Math.round(y(part * top, height, top)) + 0.5;
      g.setStroke(ink.grid);
      g.strokeLine(LEFT, y, LEFT + columns, y);
      g.setFill(ink.text);
      g.fillText(labels.apply(part * top), LEFT - 5, y);
    }
    g.setTextBaseline(VPos.BOTTOM);
    g.setTextAlign(TextAlignment.LEFT);
    g.fillText("-" + spanMillis / 1000 + " s", LEFT, height);
    g.setTextAlign(TextAlignment.RIGHT);
    g.fillText("0", LEFT + columns, height);
    if (threshold != null) {
      double y = Math.round(y(threshold.value(), height, top)) + 0.5;
      g.setStroke(ink.text);
      g.setLineDashes(3, 3);
      g.strokeLine(LEFT, y, LEFT + columns, y);
      g.setTextBaseline(VPos.BOTTOM);
      g.fillText(threshold.name(), LEFT + columns, y - 1);
      g.setLineDashes();
    }
  }

  private static void strip(
      GraphicsContext g, Columns of, Line line, double[] dash, double height, double top) {
    g.setStroke(line.color());
    g.setLineWidth(1.5);
    g.setLineDashes();
    for (int x = 0; x < of.width(); x++) { // the range within a column: spikes
      if (of.high(x) > of.low(x)) {
        g.strokeLine(
            LEFT + x + 0.5, y(of.low(x), height, top), LEFT + x + 0.5, y(of.high(x), height, top));
      }
    }
    g.setLineDashes(dash);
    g.beginPath();
    boolean open = false;
    for (int x = 0; x < of.width(); x++) {
      if (Double.isNaN(of.high(x))) {
        continue; // samples are rarer than columns; gaps in time are the hatching's business
      }
      double y = y(of.high(x), height, top);
      if (open) {
        g.lineTo(LEFT + x + 0.5, y);
      } else {
        g.moveTo(LEFT + x + 0.5, y);
        open = true;
      }
    }
    g.stroke();
    g.setLineDashes();
  }

  private void legend(GraphicsContext g, int columns) {
    g.setTextBaseline(VPos.TOP);
    g.setTextAlign(TextAlignment.LEFT);
    double x = LEFT + 6;
    for (int i = 0; i < lines.size() && x < LEFT + columns - 40; i++) {
      Line line = lines.get(i);
      g.setStroke(line.color());
      g.setLineWidth(2);
      g.setLineDashes(DASHES[i % DASHES.length]);
      g.strokeLine(x, TOP + 7, x + 18, TOP + 7);
      g.setLineDashes();
      String last = line.series().size() == 0 ? "–" : labels.apply(line.series().last());
      String name = line.name() + "  " + last;
      g.setFill(ink.text);
      g.fillText(name, x + 22, TOP + 1);
      x += 22 + name.length() * 6.2 + 18;
    }
  }

  private void hatch(GraphicsContext g, int columns, double height) {
    g.setStroke(ink.grid);
    g.setLineWidth(1);
    double from = TOP;
    double to = height - BOTTOM;
    for (double x = LEFT; x < LEFT + columns; x += 12) {
      double end = Math.min(x + (to - from), LEFT + columns);
      g.strokeLine(x, to, end, to - (end - x));
    }
  }

  private static double y(double value, double height, double top) {
    return height - BOTTOM - (value / top) * (height - BOTTOM - TOP);
  }

  @Override
  protected void layoutChildren() {
    if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
      canvas.setWidth(Math.max(0, getWidth()));
      canvas.setHeight(Math.max(0, getHeight()));
    }
  }
}
