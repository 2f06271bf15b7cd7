package dev.cpg.client.internal.ipc;

import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;

/**
 * A request to the daemon, and its response.
 *
 * @param <T> what the response says
 * @param what what is asked, for the errors, behind "to"
 * @param length the request's length in bytes
 * @param writer writes the request
 * @param responseId the id of its response
 * @param reader reads the response
 */
public record Request<T>(String what, int length, Consumer<FrameWriter> writer, int responseId,
		Function<FrameReader, T> reader) {

	/** Returns one whose response says nothing but that it was done. */
	public static Request<Boolean> toDo(String what, int length, Consumer<FrameWriter> writer, int responseId) {
		return new Request<>(what, length, writer, responseId, (frame) -> true);
	}

	/** Returns the same, with something that is run before it is written. */
	public Request<T> beforeWriting(Runnable action) {
		return new Request<>(this.what, this.length, (frame) -> {
			action.run();
			this.writer.accept(frame);
		}, this.responseId, this.reader);
	}

}
