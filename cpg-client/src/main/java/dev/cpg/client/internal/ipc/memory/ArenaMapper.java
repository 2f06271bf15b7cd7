package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

import org.jspecify.annotations.Nullable;

/**
 * Maps into arenas of {@code java.lang.foreign}, which JDK 22 and later have. They are
 * reached by name, as the client is compiled for JDK 17. An access to a mapping after its
 * end raises an {@link IllegalStateException}, and later JDKs forbid what
 * {@link CleanerMapper} does.
 */
final class ArenaMapper implements Mapping.Mapper {

	private final MethodHandle openArena;

	private final MethodHandle map;

	private final MethodHandle allocate;

	private ArenaMapper() throws ReflectiveOperationException {
		Class<?> arena = Class.forName("java.lang.foreign.Arena");
		Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
		MethodHandles.Lookup lookup = MethodHandles.publicLookup();
		MethodHandle asByteBuffer = lookup.findVirtual(segment, "asByteBuffer",
				MethodType.methodType(ByteBuffer.class));
		this.openArena = lookup.findStatic(arena, "ofShared", MethodType.methodType(arena))
			.asType(MethodType.methodType(AutoCloseable.class));
		this.map = MethodHandles
			.filterReturnValue(
					lookup.findVirtual(FileChannel.class, "map",
							MethodType.methodType(segment, FileChannel.MapMode.class, long.class, long.class, arena)),
					asByteBuffer)
			.asType(MethodType.methodType(ByteBuffer.class, FileChannel.class, FileChannel.MapMode.class, long.class,
					long.class, AutoCloseable.class));
		this.allocate = MethodHandles
			.filterReturnValue(
					lookup.findVirtual(arena, "allocate", MethodType.methodType(segment, long.class, long.class)),
					asByteBuffer)
			.asType(MethodType.methodType(ByteBuffer.class, AutoCloseable.class, long.class, long.class));
	}

	/** Returns one if arenas that all threads can use are there and can be closed. */
	static @Nullable ArenaMapper find() {
		try {
			ArenaMapper mapper = new ArenaMapper();
			mapper.open().close();
			return mapper;
		}
		catch (Exception ex) {
			return null;
		}
	}

	/** If it cannot be mapped, an empty arena is left, which takes no memory. */
	@Override
	public Mapping map(FileChannel channel, FileChannel.MapMode mode, long length) throws IOException {
		AutoCloseable arena = open();
		try {
			return new Mapping((ByteBuffer) this.map.invokeExact(channel, mode, 0L, length, arena), arena);
		}
		catch (IOException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw unchecked(ex);
		}
	}

	@Override
	public Mapping allocate(int length) {
		AutoCloseable arena = open();
		try {
			return new Mapping((ByteBuffer) this.allocate.invokeExact(arena, (long) length, (long) Long.BYTES), arena);
		}
		catch (Throwable ex) {
			throw unchecked(ex);
		}
	}

	private AutoCloseable open() {
		try {
			return (AutoCloseable) this.openArena.invokeExact();
		}
		catch (Throwable ex) {
			throw unchecked(ex);
		}
	}

	/** A method handle may throw anything, as far as the compiler knows. */
	private static RuntimeException unchecked(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return (ex instanceof RuntimeException unchecked) ? unchecked : new IllegalStateException(ex);
	}

}
