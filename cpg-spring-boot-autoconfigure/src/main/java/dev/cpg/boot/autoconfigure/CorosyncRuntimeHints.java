package dev.cpg.boot.autoconfigure;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for what the client accesses by reflection: the method that unmaps a connection's
 * memory at once. Without them a native image unmaps it when it collects garbage.
 */
final class CorosyncRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerType(TypeReference.of("sun.misc.Unsafe"), (type) -> type.withField("theUnsafe")
				.withMethod("invokeCleaner", TypeReference.listOf(ByteBuffer.class), ExecutableMode.INVOKE));
	}

}
