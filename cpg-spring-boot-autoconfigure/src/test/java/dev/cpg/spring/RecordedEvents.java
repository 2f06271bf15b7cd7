package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Keeps what was published, with the threads that published it.
 */
final class RecordedEvents implements ApplicationEventPublisher {

	private final List<CpgEvent> events = new CopyOnWriteArrayList<>();

	private final List<String> threads = new CopyOnWriteArrayList<>();

	private volatile Consumer<CpgEvent> listener = (event) -> {
	};

	@Override
	public void publishEvent(Object event) {
		this.events.add((CpgEvent) event);
		this.threads.add(Thread.currentThread().getName());
		this.listener.accept((CpgEvent) event);
	}

	void onEvent(Consumer<CpgEvent> listener) {
		this.listener = listener;
	}

	/** Returns their names, but for the quorum's, which is reported when it is known. */
	List<String> names() {
		return this.events.stream()
			.filter((event) -> !(event instanceof CpgQuorumChangeEvent))
			.map((event) -> event.getClass().getSimpleName().replaceAll("^Cpg|Event$", ""))
			.toList();
	}

	<E extends CpgEvent> List<E> of(Class<E> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	List<String> threads() {
		return this.threads;
	}

}
