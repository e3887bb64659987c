package dev.baton.service.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Addresses as they stand in configurations.
public final class Addresses {
  private Addresses() {}

  /// Whether other hosts can; false for the loopback address alone. An unknown name counts as one
  /// that they can.
  public static boolean fromElsewhere(String address) {
    try {
      return !InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }

  /// @param text `host:port`
  public static InetSocketAddress socket(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text, colon + 1, text.length(), 10));
  }

  /// Whether it stands for all addresses of a host, and so names none by which to reach it.
  public static boolean isWildcard(String address) {
    try {
      return InetAddress.getByName(address).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
