package dev.cpg.client.internal.cmap;

/**
 * The value of a key in corosync's configuration map, by its type; {@code toString} names
 * the type as {@code cmap_keys(7)} does.
 */
sealed interface CmapValue {

	/**
	 * A {@code u8}.
	 *
	 * @param number 0 to 255
	 */
	record Uint8(int number) implements CmapValue {

		@Override
		public String toString() {
			return "u8";
		}

	}

	/**
	 * A {@code u32}.
	 *
	 * @param number 0 to 4294967295
	 */
	record Uint32(long number) implements CmapValue {

		@Override
		public String toString() {
			return "u32";
		}

	}

	/**
	 * A {@code str}.
	 *
	 * @param text without the NUL at its end
	 */
	record Text(String text) implements CmapValue {

		@Override
		public String toString() {
			return "str";
		}

	}

	/**
	 * One of a type that nobody here reads.
	 *
	 * @param type the type's number on the wire
	 */
	record Other(int type) implements CmapValue {

		@Override
		public String toString() {
			return "type " + this.type;
		}

	}

}
