package dev.cpg.boot.autoconfigure.settings;

/**
 * The prefixes of the starter's settings.
 */
public final class SettingPrefixes {

	/** The prefix of the settings of all groups that do not set them themselves. */
	public static final String ALL = "cpg";

	private SettingPrefixes() {
	}

	/**
	 * Returns the prefix of the settings of an additional group.
	 * @param key the group's key
	 */
	public static String ofGroup(String key) {
		return key.matches("[\\w-]+") ? "cpg.groups." + key : "cpg.groups[" + key + "]";
	}

}
