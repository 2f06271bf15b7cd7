package dev.cpg.client.corosync;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Gives mappings back at once. Java unmaps a buffer when the garbage collector finds it,
 * which on a quiet heap may be never; a service that reconnects would pile them up.
 * <p>
 * An access to a file that was truncated raises its {@link InternalError} "at some later
 * time" in the thread that made it. Should that be in the middle of unmapping, Java's
 * cleaner takes it for a failure of its own and calls {@link System#exit}. So a thread
 * that has never touched a mapping does the unmapping.
 */
final class Unmapper {

	private static final @Nullable MethodHandle INVOKE_CLEANER = findInvokeCleaner();

	private Unmapper() {
	}

	/**
	 * Unmaps buffers that nobody uses, nor will. Where that cannot be, the garbage
	 * collector does it later.
	 */
	static void unmap(MappedByteBuffer... buffers) {
		if (INVOKE_CLEANER == null) {
			return;
		}
		Thread thread = new Thread(() -> clean(INVOKE_CLEANER, buffers), "cpg-unmapper");
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// There can be no more threads.
			return;
		}
		boolean interrupted = false;
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			catch (InternalError ex) {
				// The report of an access that this thread made before.
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private static void clean(MethodHandle invokeCleaner, MappedByteBuffer[] buffers) {
		try {
			for (MappedByteBuffer buffer : buffers) {
				invokeCleaner.invoke((ByteBuffer) buffer);
			}
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Cannot unmap", ex);
		}
	}

	private static @Nullable MethodHandle findInvokeCleaner() {
		try {
			Class<?> unsafe = Class.forName("sun.misc.Unsafe");
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(unsafe, MethodHandles.lookup());
			Object instance = lookup.findStaticVarHandle(unsafe, "theUnsafe", unsafe).get();
			return lookup.findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
				.bindTo(instance);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

}
