package dev.baton.engine.postgres.wal;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Takes records out of a log that comes in pieces of any size. It keeps no more than a record's
/// header and, where wanted, the body of the one record under way. Every record is checked: length,
/// CRC-32C, the position of the record before it. Confined to one thread.
///
/// A record is a header of 24 bytes, its body, and padding to 8 bytes. Header, little-endian: total
/// length (4), transaction id (4), position of the previous record (8), info (1), resource manager
/// (1), padding (2), CRC-32C (4) of the body and then of the header before the CRC. Records go on
/// over page headers. A switch of segments is followed by nothing of worth up to the segment's end.
public final class WalDecoder {
  private static final int HEADER_BYTES = 24;
  private static final int CHECKED_HEADER_BYTES = 20;
  private static final long MAX_RECORD_BYTES = 1L << 30;
  private static final int ALIGNMENT = 8;
  private static final int LOG_MANAGER = 0;
  private static final int OPERATION = 0xF0;
  private static final int SWITCH = 0x40;
  private static final int OVERWRITE = 0xD0;

  private enum Stage {
    PAGE_HEADER,
    /// The rest of a record that began before the start; it cannot be checked.
    FOREIGN_REST,
    RECORD_HEADER,
    BODY,
    PADDING,
    /// After a switch of segments.
    FILLER
  }

  private final WalRecords records;
  private final PageHeader pageHeader;
  private final byte[] header = new byte[HEADER_BYTES];
  private final ByteBuffer headerView = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  private @Nullable WalFormat format;
  private @Nullable WalFormatException failure;
  private Stage stage;

  /// What goes on after the page header.
  private Stage interrupted = Stage.RECORD_HEADER;

  private long position;
  private long complete;
  private long recordStart;
  private long previousStart;
  private boolean previousKnown;
  private boolean mustOverwrite;

  /// A record's CRC was right and it is to be given out after its padding.
  private boolean checked;

  private int headerFilled;
  private long left;
  private boolean wanted;
  private final ByteBuffer nothing = ByteBuffer.allocate(0);
  private ByteBuffer body = nothing;

  private WalDecoder(
      long start,
      @Nullable WalFormat format,
      PageHeader pageHeader,
      Stage stage,
      WalRecords records) {
    this.position = start;
    this.complete = start;
    this.format = format;
    this.pageHeader = pageHeader;
    this.stage = stage;
    this.records = records;
  }

  /// Begins at the start of a segment. The rest of a record that began before is passed over.
  ///
  /// @throws IllegalArgumentException when no segment begins there
  public static WalDecoder atSegmentStart(
      LogPosition start, int segmentBytes, long systemId, WalRecords records) {
    if (!WalFormat.segmentStart(start, segmentBytes).equals(start)) {
      throw new IllegalArgumentException("no segment begins at " + start);
    }
    PageHeader header = new PageHeader(segmentBytes, systemId);
    WalDecoder decoder = new WalDecoder(start.bits(), null, header, Stage.PAGE_HEADER, records);
    decoder.pageHeader.begin(start.bits());
    return decoder;
  }

  /// Begins where a record ends or begins, in a log whose format is known.
  public static WalDecoder atRecord(LogPosition start, WalFormat format, WalRecords records) {
    if (start.bits() % ALIGNMENT != 0) {
      throw new IllegalArgumentException("no record begins at " + start);
    }
    PageHeader header = new PageHeader(format.segmentBytes(), format.systemId());
    WalDecoder decoder = new WalDecoder(start.bits(), format, header, Stage.RECORD_HEADER, records);
    decoder.enterPage();
    return decoder;
  }

  /// Null until the first page header was seen, if begun at a segment's start.
  public @Nullable WalFormat format() {
    return format;
  }

  /// End of the last complete record: nothing of a later one is before it.
  public LogPosition complete() {
    return LogPosition.of(complete);
  }

  /// After an exception of `feed`.
  public boolean hasFailed() {
    return failure != null;
  }

  /// Where the next byte belongs.
  public LogPosition position() {
    return LogPosition.of(position);
  }

  /// Takes all of `bytes`. After an exception nothing more is taken; `complete` is still right.
  ///
  /// @param at position of the first byte, which must be that after the last one given
  public void feed(LogPosition at, ByteBuffer bytes) throws WalFormatException {
    if (failure != null) {
      throw failure;
    }
    if (at.bits() != position) {
      throw new IllegalArgumentException("log expected at " + position() + ", got " + at);
    }
    long completeBefore = complete;
    ByteBuffer source = bytes.order() == ByteOrder.LITTLE_ENDIAN ? bytes : littleEndian(bytes);
    try {
      while (source.hasRemaining()) {
        step(source);
      }
      bytes.position(bytes.limit());
    } catch (WalFormatException e) {
      failure = e;
      throw e;
    } finally {
      if (complete != completeBefore) {
        records.complete(complete);
      }
    }
  }

  private static ByteBuffer littleEndian(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void step(ByteBuffer source) throws WalFormatException {
    if (stage == Stage.PAGE_HEADER) {
      takePageHeader(source);
      return;
    }
    int length = (int) Math.min(source.remaining(), pageBytes() - (position & (pageBytes() - 1)));
    switch (stage) {
      case PAGE_HEADER -> throw new IllegalStateException();
      case FOREIGN_REST, PADDING, FILLER -> pass(source, (int) Math.min(length, left));
      case RECORD_HEADER -> takeRecordHeader(source, Math.min(length, HEADER_BYTES - headerFilled));
      case BODY -> takeBody(source, (int) Math.min(length, left));
    }
    enterPage();
  }

  private int pageBytes() {
    return format == null ? WalFormat.DEFAULT_PAGE_BYTES : format.pageBytes();
  }

  /// Filler is passed over whole: some tools write zeros where its page headers were.
  private void enterPage() {
    if ((position & (pageBytes() - 1)) == 0
        && stage != Stage.FILLER
        && stage != Stage.PAGE_HEADER) {
      interrupted = stage;
      stage = Stage.PAGE_HEADER;
      pageHeader.begin(position);
    }
  }

  private void takePageHeader(ByteBuffer source) throws WalFormatException {
    int before = source.position();
    boolean whole = pageHeader.take(source);
    position += source.position() - before;
    if (!whole) {
      return;
    }
    boolean first = format == null;
    format = pageHeader.check(format);
    stage = interrupted;
    if (first && pageHeader.continues()) {
      stage = Stage.FOREIGN_REST;
      left = pageHeader.leftBytes();
    } else if (pageHeader.overwrites()) {
      dropRecord();
    } else if (pageHeader.continues() || underWay()) {
      continueRecord();
    }
    if (!underWay()) {
      complete = position;
    }
  }

  /// Part of a record was seen, and it is not yet complete.
  private boolean underWay() {
    return stage == Stage.BODY
        || stage == Stage.FOREIGN_REST
        || (stage == Stage.RECORD_HEADER && headerFilled > 0);
  }

  private void continueRecord() throws WalFormatException {
    long expected =
        switch (stage) {
          case RECORD_HEADER -> headerFilled == 0 ? 0 : recordBytes() - headerFilled;
          case BODY, FOREIGN_REST -> left;
          case PAGE_HEADER, PADDING, FILLER -> 0;
        };
    if (pageHeader.leftBytes() != expected) {
      throw new WalFormatException(
          pageHeader.start(),
          "page continues a record with %d bytes, expected %d of the record at %s"
              .formatted(pageHeader.leftBytes(), expected, LogPosition.of(recordStart)));
    }
  }

  /// The server crashed with this record half written. It never counts; the server says so in the
  /// record that follows.
  private void dropRecord() {
    stage = Stage.RECORD_HEADER;
    headerFilled = 0;
    mustOverwrite = true;
  }

  private void pass(ByteBuffer source, int length) throws WalFormatException {
    source.position(source.position() + length);
    position += length;
    left -= length;
    if (stage == Stage.FILLER) {
      complete = position;
    }
    if (left > 0) {
      return;
    }
    switch (stage) {
      case FOREIGN_REST -> beginPadding();
      case PADDING -> endPadding();
      case FILLER -> stage = Stage.RECORD_HEADER;
      case PAGE_HEADER, RECORD_HEADER, BODY -> throw new IllegalStateException();
    }
  }

  private void beginPadding() throws WalFormatException {
    left = -position & (ALIGNMENT - 1);
    stage = Stage.PADDING;
    if (left == 0) {
      endPadding();
    }
  }

  /// A record is given out only now: its end is never beyond what was received.
  private void endPadding() throws WalFormatException {
    stage = Stage.RECORD_HEADER;
    if (checked) {
      checked = false;
      giveOut();
    }
    complete = position;
  }

  private void takeRecordHeader(ByteBuffer source, int length) throws WalFormatException {
    if (headerFilled == 0) {
      recordStart = position;
    }
    source.get(header, headerFilled, length);
    headerFilled += length;
    position += length;
    if (headerFilled >= Integer.BYTES
        && (recordBytes() < HEADER_BYTES || recordBytes() > MAX_RECORD_BYTES)) {
      throw new WalFormatException(recordStart, "impossible record length " + recordBytes());
    }
    if (headerFilled < HEADER_BYTES) {
      return;
    }
    checkRecordHeader();
    crc.reset();
    left = recordBytes() - HEADER_BYTES;
    wanted = records.wantsBody(resourceManager(), info());
    body = wanted ? room(Math.min(left, pageBytes())) : nothing;
    stage = Stage.BODY;
    if (left == 0) {
      endRecord();
    }
  }

  private void checkRecordHeader() throws WalFormatException {
    if (mustOverwrite && !isOfLog(OVERWRITE)) {
      throw new WalFormatException(
          recordStart, "a record was overwritten and the next one does not say so");
    }
    long previous = headerView.getLong(8);
    if (previousKnown && previous != previousStart) {
      throw new WalFormatException(
          recordStart,
          "record follows one at %s, expected %s"
              .formatted(LogPosition.of(previous), LogPosition.of(previousStart)));
    }
  }

  private void takeBody(ByteBuffer source, int length) throws WalFormatException {
    int limit = source.limit();
    source.limit(source.position() + length);
    if (wanted) {
      keep(source);
    }
    crc.update(source);
    source.limit(limit);
    position += length;
    left -= length;
    if (left == 0) {
      endRecord();
    }
  }

  /// Grows with what has come, not with what the header promises: a damaged length must not cost
  /// memory.
  private void keep(ByteBuffer part) {
    if (body.remaining() < part.remaining()) {
      ByteBuffer larger = room(Math.max(2L * body.capacity(), body.position() + part.remaining()));
      body = larger.put(body.flip());
    }
    body.put(body.position(), part, part.position(), part.remaining());
    body.position(body.position() + part.remaining());
  }

  private static ByteBuffer room(long bytes) {
    return ByteBuffer.allocate((int) Math.min(bytes, MAX_RECORD_BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void endRecord() throws WalFormatException {
    crc.update(header, 0, CHECKED_HEADER_BYTES);
    int expected = headerView.getInt(CHECKED_HEADER_BYTES);
    if ((int) crc.getValue() != expected) {
      throw new WalFormatException(
          recordStart,
          "record of %d bytes has CRC %08X, computed %08X"
              .formatted(recordBytes(), expected, (int) crc.getValue()));
    }
    checked = true;
    headerFilled = 0;
    mustOverwrite = false;
    beginPadding();
  }

  private void giveOut() throws WalFormatException {
    WalFormat known = format;
    if (known == null) {
      throw new IllegalStateException("a record before the first page header");
    }
    long transaction = headerView.getInt(4) & 0xFFFF_FFFFL;
    records.record(
        known, resourceManager(), info(), transaction, (int) recordBytes(), body.flip(), position);
    body = nothing;
    previousStart = recordStart;
    previousKnown = true;
    if (isOfLog(SWITCH)) {
      left = -position & (known.segmentBytes() - 1);
      stage = left == 0 ? Stage.RECORD_HEADER : Stage.FILLER;
    }
  }

  private boolean isOfLog(int operation) {
    return resourceManager() == LOG_MANAGER && (info() & OPERATION) == operation;
  }

  private long recordBytes() {
    return headerView.getInt(0) & 0xFFFF_FFFFL;
  }

  private int info() {
    return header[16] & 0xFF;
  }

  private int resourceManager() {
    return header[17] & 0xFF;
  }
}
