package dev.baton.engine.postgres.instance;

import dev.baton.core.engine.Probe;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the server's own statistics views. The agents' role sees of other roles' backends only
/// that they are there, unless it is a superuser or has `pg_monitor`: then `active` and what
/// follows it count the role's own alone.
public final class InstanceProbe implements Probe {
  private static final String QUESTION =
      """
      SELECT pg_catalog.concat_ws(' ', s.active, s.idle, s.locked, s.number, s.most, s.oldest,
                                  d.blocks_read, d.blocks_hit, d.temporary, d.deadlocks)
        FROM (SELECT count(*) FILTER (WHERE state = 'active') AS active,
                     count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS idle,
                     count(*) FILTER (WHERE wait_event_type = 'Lock') AS locked,
                     count(*) AS number,
                     pg_catalog.current_setting('max_connections') AS most,
                     coalesce(max(extract(epoch FROM
                       pg_catalog.clock_timestamp() - xact_start)), 0)::numeric(20, 3) AS oldest
                FROM pg_catalog.pg_stat_activity
               WHERE backend_type = 'client backend'
                 AND pid <> pg_catalog.pg_backend_pid()) AS s,
             (SELECT sum(blks_read) AS blocks_read, sum(blks_hit) AS blocks_hit,
                     sum(temp_bytes) AS temporary, sum(deadlocks) AS deadlocks
                FROM pg_catalog.pg_stat_database) AS d\
      """;
  private static final int VALUES = 10;

  private final InstanceSettings settings;
  private volatile @Nullable AdminSession session;
  private volatile boolean closed;

  public InstanceProbe(InstanceSettings settings) {
    this.settings = settings;
  }

  @Override
  public Activity read() throws IOException {
    try {
      return parse(String.valueOf(open().ask(QUESTION)));
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  private AdminSession open() throws IOException {
    AdminSession present = session;
    if (present == null) {
      if (closed) {
        throw new IOException("the probe is closed");
      }
      present = AdminSession.open(settings);
      session = present;
    }
    return present;
  }

  static Activity parse(String answer) throws IOException {
    String[] values = answer.split(" ");
    if (values.length != VALUES) {
      throw new IOException("the server's statistics are not understood: " + answer);
    }
    try {
      return new Activity(
          Integer.parseInt(values[0]),
          Integer.parseInt(values[1]),
          Integer.parseInt(values[2]),
          Integer.parseInt(values[3]),
          Integer.parseInt(values[4]),
          Double.parseDouble(values[5]),
          Long.parseLong(values[6]),
          Long.parseLong(values[7]),
          Long.parseLong(values[8]),
          Long.parseLong(values[9]));
    } catch (NumberFormatException e) {
      throw new IOException("the server's statistics are not understood: " + answer, e);
    }
  }

  private void drop() {
    AdminSession present = session;
    session = null;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }
}
