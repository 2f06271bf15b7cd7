package dev.cpg.boot.autoconfigure.diagnostics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import dev.cpg.boot.autoconfigure.CpgConnectionDetails;
import dev.cpg.boot.autoconfigure.CpgGroupProperties;
import dev.cpg.boot.autoconfigure.CpgMode;
import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.boot.autoconfigure.PropertiesCpgConnectionDetails;
import dev.cpg.boot.autoconfigure.settings.ForbiddenProfiles;
import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.boot.autoconfigure.settings.SettingsBindHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The settings that say how to reach the daemon, with the names under which they are set:
 * an additional group may have its own, and a bean may replace a property. The context
 * has failed, so no bean is called.
 */
final class DaemonSettings {

	private final BeanFactory beanFactory;

	private final Environment environment;

	DaemonSettings(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	/**
	 * Returns the name of the application's own bean that says where the daemon is, if
	 * there is one.
	 */
	@Nullable String detailsBean() {
		if (this.beanFactory instanceof ListableBeanFactory beans) {
			for (String name : beans.getBeanNamesForType(CpgConnectionDetails.class, true, false)) {
				if (!Objects.equals(beans.getType(name), PropertiesCpgConnectionDetails.class)) {
					return name;
				}
			}
		}
		return null;
	}

	/**
	 * Returns the directories that are set, by the names of their properties.
	 */
	Map<String, Path> directories() {
		Map<String, Path> directories = new LinkedHashMap<>();
		settings().forEach((prefix, settings) -> {
			Path directory = settings.getCorosync().getSocketDirectory();
			if (directory != null) {
				directories.put(prefix + ".corosync.socket-directory", directory);
			}
		});
		return directories;
	}

	/**
	 * Returns the names of the properties that let a start fail.
	 */
	List<String> failFast() {
		return names("fail-fast", CpgGroupProperties::isFailFast);
	}

	/**
	 * Returns the names of the properties that say how long a join may take.
	 */
	List<String> joinTimeout() {
		Duration otherwise = new CpgGroupProperties().getJoinTimeout();
		return names("join-timeout", (settings) -> !settings.getJoinTimeout().equals(otherwise));
	}

	/**
	 * Returns the names of the properties that say under which number to join.
	 */
	List<String> memberId() {
		return names("member-id", (settings) -> settings.getMemberId() != null);
	}

	/**
	 * Returns the names of the properties that say how long the daemon may take.
	 */
	List<String> requestTimeout() {
		Duration otherwise = new CpgGroupProperties().getCorosync().getRequestTimeout();
		return names("corosync.request-timeout",
				(settings) -> !settings.getCorosync().getRequestTimeout().equals(otherwise));
	}

	/**
	 * Returns whether there is no daemon to reach.
	 */
	boolean isEmbedded() {
		return CpgMode.of(this.environment) == CpgMode.EMBEDDED;
	}

	/**
	 * Returns whether a developer may run this service on a cluster inside its JVM.
	 */
	boolean allowEmbeddedMode() {
		return new ForbiddenProfiles(properties().getEmbedded().getForbiddenProfiles())
			.findIn(this.environment) == null;
	}

	private List<String> names(String property, Predicate<CpgGroupProperties> set) {
		List<String> names = new ArrayList<>();
		settings().forEach((prefix, settings) -> {
			if (set.test(settings)) {
				names.add(prefix + "." + property);
			}
		});
		return names.isEmpty() ? List.of(SettingPrefixes.ALL + "." + property) : names;
	}

	/** The settings of all groups and those that each group sets itself, by prefix. */
	private Map<String, CpgGroupProperties> settings() {
		Map<String, CpgGroupProperties> settings = new LinkedHashMap<>();
		CpgProperties properties = properties();
		settings.put(SettingPrefixes.ALL, properties);
		properties.getGroups().forEach((key, ofGroup) -> settings.put(SettingPrefixes.ofGroup(key), ofGroup));
		return settings;
	}

	private CpgProperties properties() {
		return Binder.get(this.environment, new SettingsBindHandler(CpgProperties.class))
			.bindOrCreate(SettingPrefixes.ALL, CpgProperties.class);
	}

}
