package dev.cpg.demo.browser;

import java.util.function.Supplier;

/**
 * What a browser follows.
 *
 * @param name the name of the event that carries the present state
 * @param status returns the present state. A browser gets it when nothing else is sent
 * for a second, if it differs from the last one
 */
public record Topic(String name, Supplier<?> status) {

	/**
	 * Returns the present state as an event.
	 */
	public LiveEvent now() {
		return new LiveEvent(this.name, this.status.get());
	}

}
