package dev.baton.engine.postgres.access;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Addresses that begin with the same bits. IPv4 and IPv6 never match each other; an IPv4 address
/// that a socket shows in its IPv6 form counts as IPv4.
record AddressRange(List<Byte> network, int prefixBits) {
  static final List<AddressRange> ANY =
      List.of(new AddressRange(new byte[4], 0), new AddressRange(new byte[16], 0));

  AddressRange(byte[] network, int prefixBits) {
    this(boxed(network), prefixBits);
  }

  /// Reads `10.0.0.0/8`, `::1/128`. Names are not looked up.
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    Optional<InetAddress> address = literal(text.substring(0, slash));
    String bits = text.substring(slash + 1);
    if (address.isEmpty() || !bits.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    byte[] bytes = address.get().getAddress();
    int prefix = Integer.parseInt(bits);
    return prefix <= 8 * bytes.length
        ? Optional.of(new AddressRange(bytes, prefix))
        : Optional.empty();
  }

  /// From the two columns `10.0.0.0 255.0.0.0`; empty also when the mask has a hole.
  static Optional<AddressRange> ofMask(String address, String mask) {
    Optional<InetAddress> network = literal(address);
    Optional<InetAddress> bits = literal(mask);
    if (network.isEmpty() || bits.isEmpty()) {
      return Optional.empty();
    }
    byte[] maskBytes = bits.get().getAddress();
    if (maskBytes.length != network.get().getAddress().length) {
      return Optional.empty();
    }
    java.math.BigInteger value = new java.math.BigInteger(1, maskBytes);
    int prefix = value.bitCount();
    boolean contiguous = prefix == 0 || value.getLowestSetBit() == 8 * maskBytes.length - prefix;
    return contiguous
        ? Optional.of(new AddressRange(network.get().getAddress(), prefix))
        : Optional.empty();
  }

  /// An address in digits, never a name: that would ask a name server, whose answer may change.
  static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// This host's own addresses (`samehost`), or the networks that it is in (`samenet`), as they are
  /// now.
  static List<AddressRange> own(boolean wholeNetworks) throws SocketException {
    return NetworkInterface.networkInterfaces()
        .map(NetworkInterface::getInterfaceAddresses)
        .flatMap(List::stream)
        .map(address -> of(address, wholeNetworks))
        .distinct()
        .toList();
  }

  private static AddressRange of(InterfaceAddress address, boolean wholeNetwork) {
    byte[] bytes = address.getAddress().getAddress();
    return new AddressRange(
        bytes, wholeNetwork ? address.getNetworkPrefixLength() : 8 * bytes.length);
  }

  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != network.size()) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >>> (bit & 7);
      if (((bytes[bit >>> 3] ^ network.get(bit >>> 3)) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return List.of(boxed);
  }
}
