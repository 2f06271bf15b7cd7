package dev.cpg.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.OrderedMessage.Data;
import org.jspecify.annotations.Nullable;

/**
 * Shows a connection's events to its interceptor, if it has one, before they wait for the
 * listener. Used by the engine's thread.
 */
final class Interception {

	private static final Logger LOGGER = System.getLogger("dev.cpg.embedded");

	private final @Nullable CpgInterceptor interceptor;

	Interception(@Nullable CpgInterceptor interceptor) {
		this.interceptor = interceptor;
	}

	/** Returns whether there is an interceptor. For any thread. */
	boolean isPresent() {
		return this.interceptor != null;
	}

	void membersChanged(CpgConfigurationChange change) {
		call((present) -> present.configurationChanged(change));
	}

	void ringChanged(CpgTotemConfiguration configuration) {
		call((present) -> present.totemChanged(configuration));
	}

	/** Returns whether the interceptor consumes a message. */
	boolean consumes(Data data, CpgView view, boolean local) {
		boolean[] consumed = new boolean[1];
		call((present) -> {
			LentMessage message = LentMessage.of(data, view, local);
			try {
				consumed[0] = present.consume(message);
			}
			finally {
				if (!consumed[0]) {
					message.takeBack();
				}
			}
		});
		return consumed[0];
	}

	void closed(@Nullable CorosyncException cause) {
		call((present) -> present.closed(cause));
	}

	private void call(Consumer<CpgInterceptor> call) {
		if (this.interceptor == null) {
			return;
		}
		try {
			call.accept(this.interceptor);
		}
		catch (Throwable ex) {
			LOGGER.log(Level.ERROR, "An interceptor failed; the listener is notified anyway", ex);
		}
		finally {
			// An interrupt that an interceptor leaves behind is not the engine's.
			Thread.interrupted();
		}
	}

}
