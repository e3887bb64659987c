package dev.baton.service.peer;

/// What a connection between agents is for; said in its hello by the code, which never changes.
enum Connection {
  CALLS(1),
  REQUESTS(2),
  DOOR(3);

  private final int code;

  Connection(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /// @throws PeerException when there is no such kind
  static Connection of(int code) throws PeerException {
    for (Connection connection : values()) {
      if (connection.code == code) {
        return connection;
      }
    }
    throw new PeerException(PeerError.MALFORMED, "connection of kind " + code);
  }
}
