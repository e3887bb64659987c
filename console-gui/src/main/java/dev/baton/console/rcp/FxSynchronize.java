package dev.baton.console.rcp;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javafx.application.Platform;
import org.eclipse.e4.ui.di.UISynchronize;

/// e4's way to the thread of the user interface, which here is the FX thread.
final class FxSynchronize extends UISynchronize {
  @Override
  public void syncExec(Runnable runnable) {
    if (Platform.isFxApplicationThread()) {
      runnable.run();
      return;
    }
    FutureTask<Void> task = new FutureTask<>(runnable, null);
    Platform.runLater(task);
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("failed on the FX thread: " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void asyncExec(Runnable runnable) {
    Platform.runLater(runnable);
  }

  @Override
  protected boolean isUIThread(Thread thread) {
    return Platform.isFxApplicationThread() && thread == Thread.currentThread();
  }

  @Override
  protected void showBusyWhile(Runnable runnable) {
    runnable.run(); // nothing of this console works long on the FX thread
  }

  /// JavaFX runs its own loop; there is nothing to pump.
  @Override
  protected boolean dispatchEvents() {
    return false;
  }
}
