package dev.baton.console.model;

import dev.baton.console.text.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A moment as one types it: `+90min`, `+2h`, `+1d`, `22:00` (the next one), `2026-11-22 22:00`.
final class MomentText {
  private static final Pattern FROM_NOW = Pattern.compile("\\+\\s*(\\d{1,5})\\s*(min|m|h|d)");
  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private MomentText() {}

  static String of(Instant moment) {
    return MOMENT.withZone(ZoneId.systemDefault()).format(moment);
  }

  /// @throws IllegalArgumentException saying what is not understood
  static Instant parse(String typed, Instant now, ZoneId zone) {
    String text = typed.strip().toLowerCase(Locale.ROOT);
    Matcher relative = FROM_NOW.matcher(text);
    if (relative.matches()) {
      long amount = Long.parseLong(relative.group(1));
      return now.plus(
          switch (relative.group(2)) {
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofMinutes(amount);
          });
    }
    try {
      if (text.length() <= "22:00".length()) {
        ZonedDateTime today = now.atZone(zone).with(LocalTime.parse(text));
        return (today.toInstant().isAfter(now) ? today : today.plusDays(1)).toInstant();
      }
      return LocalDateTime.parse(text, MOMENT).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(Text.MAINTENANCE_MOMENT_WRONG.of(typed), e);
    }
  }
}
