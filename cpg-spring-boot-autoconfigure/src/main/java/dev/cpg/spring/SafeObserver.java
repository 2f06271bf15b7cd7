package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * Calls several observers. What they throw is logged: measuring must not cost an event.
 */
final class SafeObserver implements CpgObserver {

	private final LogLimit limit = new LogLimit();

	private final List<CpgObserver> observers;

	SafeObserver(List<CpgObserver> observers) {
		this.observers = List.copyOf(observers);
	}

	@Override
	public void sent(String group, Outcome outcome, Duration took) {
		forEach((observer) -> observer.sent(group, outcome, took));
	}

	@Override
	public void delivered(CpgMessage message) {
		forEach((observer) -> observer.delivered(message));
	}

	@Override
	public void unconverted(CpgMessage message, Problem problem) {
		forEach((observer) -> observer.unconverted(message, problem));
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		forEach((observer) -> observer.configurationChanged(change));
	}

	@Override
	public void reconnected(String group) {
		forEach((observer) -> observer.reconnected(group));
	}

	/** An observer may fail on every message. */
	private void failed(CpgObserver observer, Throwable ex) {
		this.limit.log(observer.getClass(),
				(leftOut) -> CpgLog.LISTENERS.warn()
					.with("observer", observer)
					.cause(ex)
					.log("The observer {} threw an exception{}; what it measures is incomplete", observer,
							(leftOut > 0) ? ", and " + leftOut + " more since this was last logged" : ""));
	}

	private void forEach(Consumer<CpgObserver> call) {
		for (CpgObserver observer : this.observers) {
			try {
				call.accept(observer);
			}
			// An observer is not ours: this includes errors.
			catch (Throwable ex) {
				failed(observer, ex);
			}
		}
	}

}
