package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the memberships in groups.
 */
@ConfigurationProperties("cpg")
public class CpgProperties extends CpgGroupProperties {

	/**
	 * Whether to join any group at all. If not, there is no 'CpgTemplate', 'CpgGroup' or
	 * 'CpgMembership', and the start fails where a bean needs one. A bean that can do
	 * without takes an 'ObjectProvider' of it.
	 */
	private boolean enabled = true;

	/**
	 * Additional groups, by keys that name their beans. What a group does not set, it
	 * takes from 'cpg.*'. A key without settings is enough.
	 */
	private Map<String, CpgGroupProperties> groups = new LinkedHashMap<>();

	private final Messages messages = new Messages();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	/**
	 * Returns what is set for the additional groups; what they inherit is not seen here.
	 */
	public Map<String, CpgGroupProperties> getGroups() {
		return this.groups;
	}

	public void setGroups(Map<String, CpgGroupProperties> groups) {
		this.groups = groups;
	}

	public Messages getMessages() {
		return this.messages;
	}

	/**
	 * Typed messages.
	 */
	public static class Messages {

		/**
		 * Classes of typed messages by their logical names, which messages carry. In the
		 * application's own packages '@CpgMessageType' does the same; if both use a name,
		 * it stands for the class that is set here.
		 */
		private Map<String, Class<?>> types = new LinkedHashMap<>();

		/**
		 * Largest payload of a typed message, in bytes: a larger one is not sent, and not
		 * converted when it is received but delivered as bytes. JSON can take more than
		 * 25 times its size in memory. By default all that 'cpg.max-message-size' lets
		 * through.
		 */
		private @Nullable DataSize maxSize;

		public Map<String, Class<?>> getTypes() {
			return this.types;
		}

		public void setTypes(Map<String, Class<?>> types) {
			this.types = types;
		}

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

}
