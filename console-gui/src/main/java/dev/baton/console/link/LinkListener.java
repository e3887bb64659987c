package dev.baton.console.link;

/// Gets the events of a link, one after the other, on the executor that the link was given.
@FunctionalInterface
public interface LinkListener {
  void on(LinkEvent event);
}
