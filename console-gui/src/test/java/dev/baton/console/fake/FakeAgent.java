package dev.baton.console.fake;

import dev.baton.model.Json;
import dev.baton.model.view.AcknowledgeRequest;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.Problem;
import dev.baton.model.view.StreamMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A control interface that says what a test tells it to: `/v1/stream` over WebSocket, plans, moves
/// and their acknowledgement, policies and maintenance; every disconnection is granted. One
/// connection a virtual thread.
public final class FakeAgent implements AutoCloseable {
  private static final String WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket server;
  private final Supplier<StreamMessage> snapshot;
  private final List<Socket> streams = new ArrayList<>();
  private final List<Socket> all = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Function<PlanRequest, Object> plans = _ -> notSet();
  private volatile Function<MoveRequest, Object> moves = _ -> notSet();
  private volatile Function<String, Object> acknowledgements = _ -> notSet();
  private volatile BiFunction<String, PolicyRequest, Object> policies = (_, _) -> notSet();
  private volatile BiFunction<String, MaintenanceRequest, Object> maintenance = (_, _) -> notSet();
  private volatile List<AuditView> audit = List.of();
  private volatile boolean silent;

  /// @param snapshot first message of a stream
  public FakeAgent(Supplier<StreamMessage> snapshot) {
    this(snapshot, 0);
  }

  public FakeAgent(Supplier<StreamMessage> snapshot, int port) {
    this.snapshot = snapshot;
    try {
      server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private static Problem notSet() {
    return problem(500, "no answer", "the test has set none");
  }

  public static Problem problem(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, null);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public int port() {
    return server.getLocalPort();
  }

  /// @param answer a `PlanView`, or a `Problem` to refuse with
  public void onPlan(Function<PlanRequest, Object> answer) {
    plans = answer;
  }

  /// @param answer a `MoveView`, a `Problem` to refuse with, or null to hang up without an answer
  public void onMove(Function<MoveRequest, @Nullable Object> answer) {
    moves = answer;
  }

  /// @param answer gets the path and the comment; a `MoveView`, or a `Problem` to refuse with
  public void onAcknowledge(Function<String, Object> answer) {
    acknowledgements = answer;
  }

  /// @param answer gets the service; a `PolicyView`, or a `Problem` to refuse with
  public void onPolicy(BiFunction<String, PolicyRequest, Object> answer) {
    policies = answer;
  }

  /// @param answer gets the host; a `MaintenanceView`, or a `Problem` to refuse with
  public void onMaintenance(BiFunction<String, MaintenanceRequest, Object> answer) {
    maintenance = answer;
  }

  /// @param entries of the audit logs, the newest first
  public void onAudit(List<AuditView> entries) {
    audit = List.copyOf(entries);
  }

  /// Whether new streams are taken but told nothing: what their reader knows grows old, however
  /// often it connects again.
  public void silent(boolean next) {
    silent = next;
  }

  /// Path, query and `Authorization` of every request so far.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public int openStreams() {
    synchronized (streams) {
      return streams.size();
    }
  }

  /// To all open streams. The message is made when no stream can open in between: its number would
  /// come out of order.
  public void send(Supplier<StreamMessage> message) {
    synchronized (streams) {
      byte[] frame = frame(Json.MAPPER.writeValueAsBytes(message.get()));
      streams.removeIf(stream -> !write(stream, frame));
    }
  }

  /// Cuts all open streams.
  public void cut() {
    synchronized (streams) {
      streams.forEach(FakeAgent::close);
      streams.clear();
    }
  }

  @Override
  public void close() {
    close(server);
    all.forEach(FakeAgent::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        all.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String first = line(in);
        if (first.isEmpty()) {
          close(socket);
          return;
        }
        Map<String, String> headers = headers(in);
        String path = first.split(" ")[1];
        requests.add(
            first.split(" ")[0] + " " + path + " " + headers.getOrDefault("authorization", "-"));
        if (path.startsWith("/v1/stream")) {
          stream(socket, headers, in);
          return;
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        if (!answer(socket.getOutputStream(), path, body)) {
          close(socket);
          return;
        }
      }
    } catch (IOException e) {
      close(socket);
    }
  }

  private boolean answer(OutputStream out, String path, byte[] body) throws IOException {
    Object answer =
        switch (path) {
          case "/v1/plans" -> plans.apply(Json.MAPPER.readValue(body, PlanRequest.class));
          case "/v1/moves" -> moves.apply(Json.MAPPER.readValue(body, MoveRequest.class));
          default ->
              path.contains("/acknowledgement")
                  ? acknowledgements.apply(
                      path + " " + Json.MAPPER.readValue(body, AcknowledgeRequest.class).comment())
                  : path.startsWith("/v1/sessions/") ? Map.of() : changed(path, body);
        };
    if (answer == null) {
      return false;
    }
    int status = answer instanceof Problem problem ? problem.status() : 200;
    byte[] json = Json.MAPPER.writeValueAsBytes(answer);
    String head =
        "HTTP/1.1 "
            + status
            + " X\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(json);
    out.flush();
    return true;
  }

  private Object changed(String path, byte[] body) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (path.startsWith("/v1/policies/")) {
      return policies.apply(name, Json.MAPPER.readValue(body, PolicyRequest.class));
    }
    if (path.startsWith("/v1/audit")) {
      return audit;
    }
    return path.startsWith("/v1/maintenance/")
        ? maintenance.apply(name, Json.MAPPER.readValue(body, MaintenanceRequest.class))
        : problem(404, "not found", path);
  }

  private void stream(Socket socket, Map<String, String> headers, InputStream in)
      throws IOException {
    String accept = digest(headers.get("sec-websocket-key") + WEBSOCKET);
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n\r\n";
    synchronized (streams) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      if (!silent) {
        write(socket, frame(Json.MAPPER.writeValueAsBytes(snapshot.get())));
        streams.add(socket);
      }
    }
    while (in.read() >= 0) {
      // what a client sends on the stream (pings, close) is not answered: the idle check of the
      // console must do without
    }
  }

  private static String digest(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] frame(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x81);
    if (text.length < 126) {
      out.write(text.length);
    } else if (text.length < 65_536) {
      out.write(126);
      out.write(text.length >>> 8);
      out.write(text.length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) text.length >>> shift));
      }
    }
    out.writeBytes(text);
    return out.toByteArray();
  }

  private static boolean write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0 && c != '\n') {
      if (c != '\r') {
        line.append((char) c);
      }
      c = in.read();
    }
    return line.toString();
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
