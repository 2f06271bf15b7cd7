package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
	 * What all groups run on: the Corosync daemon of this node, or for development and
	 * tests a cluster inside the JVM, which needs 'cpg-embedded' on the classpath.
	 */
	private CpgMode mode = CpgMode.COROSYNC;

	/**
	 * Additional groups, by keys that name their beans. What a group does not set, it
	 * takes from 'cpg.*'. A key without settings is enough.
	 */
	private Map<String, CpgGroupProperties> groups = new LinkedHashMap<>();

	private final Embedded embedded = new Embedded();

	private final Health health = new Health();

	private final Messages messages = new Messages();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public CpgMode getMode() {
		return this.mode;
	}

	public void setMode(CpgMode mode) {
		this.mode = mode;
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

	public Embedded getEmbedded() {
		return this.embedded;
	}

	public Health getHealth() {
		return this.health;
	}

	public Messages getMessages() {
		return this.messages;
	}

	/**
	 * The cluster inside the JVM.
	 */
	public static class Embedded {

		/**
		 * Profiles with which 'cpg.mode=embedded' fails the start, whatever their case.
		 * An empty list allows all profiles.
		 */
		private Set<String> forbiddenProfiles = new LinkedHashSet<>(List.of("prod", "production"));

		public Set<String> getForbiddenProfiles() {
			return this.forbiddenProfiles;
		}

		public void setForbiddenProfiles(Set<String> forbiddenProfiles) {
			this.forbiddenProfiles = forbiddenProfiles;
		}

	}

	/**
	 * The health.
	 */
	public static class Health {

		/**
		 * Whether the health of a group is UP only while the ring is known to be quorate.
		 * A service whose readiness includes it takes no requests then on the side of a
		 * split that lost its quorum. It is never UP without a quorum provider.
		 */
		private boolean requireQuorum;

		public boolean isRequireQuorum() {
			return this.requireQuorum;
		}

		public void setRequireQuorum(boolean requireQuorum) {
			this.requireQuorum = requireQuorum;
		}

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
