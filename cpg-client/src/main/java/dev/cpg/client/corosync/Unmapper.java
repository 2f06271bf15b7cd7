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
 */
final class Unmapper {

	private static final @Nullable MethodHandle INVOKE_CLEANER = findInvokeCleaner();

	private Unmapper() {
	}

	/**
	 * Unmaps a buffer that nobody uses, nor will. Where this JVM does not allow it, the
	 * garbage collector does it later.
	 */
	static void unmap(MappedByteBuffer buffer) {
		if (INVOKE_CLEANER != null) {
			try {
				INVOKE_CLEANER.invoke((ByteBuffer) buffer);
			}
			catch (Throwable ex) {
				throw new IllegalStateException("Cannot unmap", ex);
			}
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
