package dev.baton.core.memory;

import org.jspecify.annotations.Nullable;

/// A piece of the log of fixed size. Only the last one may be partly filled.
final class Chunk {
  final long position;
  Place place;
  int filled;

  /// Null while it is only on disk.
  byte @Nullable [] bytes;

  Chunk(long position, int size) {
    this.position = position;
    this.bytes = new byte[size];
    this.place = Place.RAM;
  }

  enum Place {
    RAM,
    /// In RAM and counted there, on its way to disk.
    SPILLING,
    /// On disk; `bytes` may be there as well because somebody reads it.
    DISK,
    /// On disk, being read.
    LOADING,
    /// Released. What the disk still does with it concerns nobody.
    GONE
  }
}
