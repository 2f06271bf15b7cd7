package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

import org.jspecify.annotations.Nullable;

/**
 * Unmaps as JDKs before 22 can: by {@code sun.misc.Unsafe.invokeCleaner}. An access after
 * it would crash the JVM. A runtime without the module {@code jdk.unsupported} leaves
 * mappings to the garbage collector.
 */
final class CleanerMapper implements Mapping.Mapper {

	private static final @Nullable MethodHandle INVOKE_CLEANER = findInvokeCleaner();

	@Override
	public Mapping map(FileChannel channel, FileChannel.MapMode mode, long length) throws IOException {
		ByteBuffer buffer = channel.map(mode, 0, length);
		return new Mapping(buffer, () -> clean(buffer));
	}

	@Override
	public Mapping allocate(int length) {
		ByteBuffer buffer = ByteBuffer.allocateDirect(length);
		return new Mapping(buffer, () -> clean(buffer));
	}

	private static void clean(ByteBuffer buffer) throws Exception {
		if (INVOKE_CLEANER == null) {
			return;
		}
		try {
			INVOKE_CLEANER.invokeExact(buffer);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
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
