package dev.baton.console.chart;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.TextAlignment;
import javafx.scene.transform.Scale;
import org.jspecify.annotations.Nullable;

/// A strip of time that ends now: one or more series drawn on a canvas, told apart by colour and by
/// dash. The axis begins at zero. Under the mouse the values of that moment are read. Redrawn by
/// [#draw], which the owner calls at a pace of its own.
public final class StripChart extends Region {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final double FONT = 11;
  private static final double GLYPH = 0.6; // mean width of a letter, in font sizes
  private static final double LEGEND_Y = 9;
  private static final double CLOCK_WIDTH = 56;
  private static final double LEFT = 62;
  private static final double BOTTOM = 18;
  private static final double TOP = 22; // title and legend stand above the plot
  private static final long GAP_MILLIS = 5_000; // samples further apart are not joined by a line
  private static final long LEGEND_MILLIS = 1_000;
  private static final double[][] DASHES = {{}, {6, 3}, {2, 3}, {8, 3, 2, 3}};

  private final Canvas canvas = new Canvas();
  private final List<Line> lines = new ArrayList<>();
  private final String title;
  private final DoubleFunction<String> labels;
  private final double smallestTop;
  private int sharpness = 1;
  private long spanMillis;
  private @Nullable Threshold threshold;
  private Ink ink = Ink.LIGHT;
  private double hoverX = Double.NaN;
  private long drawnMillis;
  private boolean drawnStale;
  private @Nullable Picture drawn;

  /// What a drawing shows besides the series themselves.
  private record Picture(
      double width,
      double height,
      long spanMillis,
      boolean stale,
      Ink ink,
      double hoverX,
      List<String> names,
      long step) {}

  /// @param title also the accessible text
  /// @param labels how a value is written at the axis
  /// @param smallestTop the axis ends here at least
  public StripChart(
      String title, DoubleFunction<String> labels, double smallestTop, long spanMillis) {
    this.title = title;
    setAccessibleText(title);
    this.labels = labels;
    this.smallestTop = smallestTop;
    this.spanMillis = spanMillis;
    getStyleClass().add("strip-chart");
    getChildren().add(canvas);
    setMinSize(120, 60);
    setPrefSize(320, 120);
    setOnMouseMoved(event -> hover(event.getX()));
    setOnMouseExited(_ -> hover(Double.NaN));
  }

  private void hover(double x) {
    hoverX = x;
    paint(drawnMillis, drawnStale);
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

  public void setSpan(long spanMillis) {
    this.spanMillis = spanMillis;
  }

  /// How many pixels are drawn for one of the layout, for a picture that is enlarged: on a screen
  /// JavaFX sees to it by itself.
  public void setSharpness(int pixels) {
    sharpness = pixels;
    canvas.getTransforms().setAll(new Scale(1.0 / pixels, 1.0 / pixels));
    requestLayout();
  }

  public void setInk(Ink ink) {
    this.ink = ink;
  }

  /// @param nowMillis time at the right edge
  /// @param stale the newest sample is old; the strip fades and is hatched
  public void draw(long nowMillis, boolean stale) {
    Picture next =
        new Picture(
            canvas.getWidth(),
            canvas.getHeight(),
            spanMillis,
            stale,
            ink,
            hoverX,
            names(),
            step(nowMillis));
    if (next.equals(drawn)) {
      return; // not a pixel further: an hour's strip moves every few seconds
    }
    drawn = next;
    paint(nowMillis, stale);
  }

  private List<String> names() {
    return lines.stream().map(Line::name).toList();
  }

  /// Which redrawing the time belongs to: one a pixel, and one a second for the values written out.
  private long step(long nowMillis) {
    long pixelMillis = (long) (spanMillis / Math.max(1, canvas.getWidth()));
    return nowMillis / Math.clamp(pixelMillis, 1, LEGEND_MILLIS);
  }

  private void paint(long nowMillis, boolean stale) {
    drawnMillis = nowMillis;
    drawnStale = stale;
    double width = canvas.getWidth() / sharpness;
    double height = canvas.getHeight() / sharpness;
    int columns = (int) (width - LEFT - 4);
    if (columns < 8 || height < TOP + BOTTOM + 8) {
      return;
    }
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    g.clearRect(0, 0, width, height);
    List<Columns> strips = new ArrayList<>();
    double max = threshold == null ? 0 : threshold.value();
    for (Line line : lines) {
      Columns of = Columns.of(line.series(), nowMillis - spanMillis, nowMillis + 1, columns);
      strips.add(of);
      max = Math.max(max, of.max());
    }
    double top = NiceScale.top(max, smallestTop);
    grid(g, columns, height, top);
    g.setGlobalAlpha(stale ? 0.35 : 1);
    for (int i = 0; i < strips.size(); i++) {
      strip(g, strips.get(i), lines.get(i), DASHES[i % DASHES.length], height, top);
    }
    g.setGlobalAlpha(1);
    if (stale) {
      hatch(g, columns, height);
    }
    long read = readMillis(columns, nowMillis);
    if (read != nowMillis) {
      g.setStroke(ink.text);
      g.setLineWidth(1);
      g.strokeLine(Math.round(hoverX) + 0.5, TOP, Math.round(hoverX) + 0.5, height - BOTTOM);
    }
    legend(g, columns, read);
    axis(g, columns, height, nowMillis, read);
  }

  /// The moment under the mouse; now when it is elsewhere.
  private long readMillis(int columns, long nowMillis) {
    double x = hoverX - LEFT;
    return Double.isNaN(x) || x < 0 || x >= columns
        ? nowMillis
        : nowMillis - Math.round((1 - x / columns) * spanMillis);
  }

  private void axis(GraphicsContext g, int columns, double height, long nowMillis, long read) {
    g.setFont(Font.font(FONT));
    g.setFill(ink.text);
    g.setTextBaseline(VPos.BOTTOM);
    boolean reading = read != nowMillis;
    if (reading) {
      double least = LEFT + CLOCK_WIDTH / 2;
      double most = Math.max(least, LEFT + columns - CLOCK_WIDTH / 2);
      g.setTextAlign(TextAlignment.CENTER);
      g.fillText(clock(read), Math.clamp(hoverX, least, most), height);
    }
    if (!reading || columns > 4 * CLOCK_WIDTH) {
      g.setTextAlign(TextAlignment.LEFT);
      g.fillText(clock(nowMillis - spanMillis), LEFT, height);
      g.setTextAlign(TextAlignment.RIGHT);
      g.fillText(clock(nowMillis), LEFT + columns, height);
    }
  }

  private static String clock(long millis) {
    return CLOCK.format(Instant.ofEpochMilli(millis));
  }

  private void grid(GraphicsContext g, int columns, double height, double top) {
    g.setFont(Font.font(FONT));
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
    if (threshold != null) {
      double y = Math.round(y(threshold.value(), height, top)) + 0.5;
      g.setStroke(ink.text);
      g.setLineDashes(3, 3);
      g.strokeLine(LEFT, y, LEFT + columns, y);
      g.setTextBaseline(VPos.BOTTOM);
      g.setTextAlign(TextAlignment.RIGHT);
      g.fillText(threshold.name(), LEFT + columns - 2, y - 1);
      g.setLineDashes();
    }
  }

  private void strip(
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
    double gap = Math.max(2, (double) GAP_MILLIS * of.width() / spanMillis);
    int before = Integer.MIN_VALUE;
    for (int x = 0; x < of.width(); x++) {
      if (Double.isNaN(of.high(x))) {
        continue; // samples may be rarer than columns
      }
      double y = y(of.high(x), height, top);
      if (before != Integer.MIN_VALUE && x - before <= gap) {
        g.lineTo(LEFT + x + 0.5, y);
      } else {
        g.moveTo(LEFT + x + 0.5, y);
      }
      before = x;
    }
    g.stroke();
    g.setLineDashes();
  }

  private void legend(GraphicsContext g, int columns, long readMillis) {
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    g.setFill(ink.text);
    g.setFont(Font.font(null, FontWeight.BOLD, FONT));
    g.fillText(title, 0, LEGEND_Y);
    g.setFont(Font.font(FONT));
    double x = Math.max(LEFT, title.length() * FONT * GLYPH + 24);
    for (int i = 0; i < lines.size() && x < LEFT + columns - 40; i++) {
      Line line = lines.get(i);
      double value = line.series().lastAt(readMillis, GAP_MILLIS);
      String name = line.name() + "  " + (Double.isNaN(value) ? "–" : labels.apply(value));
      g.setStroke(line.color());
      g.setLineWidth(2);
      g.setLineDashes(DASHES[i % DASHES.length]);
      g.strokeLine(x, LEGEND_Y, x + 18, LEGEND_Y);
      g.setLineDashes();
      g.fillText(name, x + 22, LEGEND_Y);
      x += 22 + name.length() * FONT * GLYPH + 18;
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
    double width = Math.max(0, getWidth()) * sharpness;
    double height = Math.max(0, getHeight()) * sharpness;
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      canvas.setWidth(width);
      canvas.setHeight(height);
    }
  }
}
