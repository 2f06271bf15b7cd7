import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;

/**
 * Checks a directory of artifacts as Maven Central does, and for what users expect: each has its pom, sources, javadoc, bill of materials, signatures and checksums, and each pom is self-contained.
 * <p>
 * Usage: {@code java CheckRelease.java DIRECTORY VERSION ARTIFACT...}, with {@code gpg} on the path and the key in its
 * ring.
 *
 * @see <a href="https://central.sonatype.org/publish/requirements/">Maven Central's requirements</a>
 */
class CheckRelease {

	private static final String GROUP = "dev/cpg";

	/** What a user's module requires; a name that changes breaks it. */
	private static final Map<String, String> MODULES = Map.of("cpg-client", "dev.cpg.client", "cpg-embedded",
			"dev.cpg.embedded", "cpg-test", "dev.cpg.test", "cpg-spring-boot-autoconfigure",
			"dev.cpg.boot.autoconfigure", "cpg-spring-boot-starter", "dev.cpg.boot.starter",
			"cpg-spring-boot-starter-test", "dev.cpg.spring.test");

	private static final Map<String, String> CHECKSUMS = Map.of("md5", "MD5", "sha1", "SHA-1");

	private final List<String> faults = new ArrayList<>();

	private final XPath xpath = XPathFactory.newInstance().newXPath();

	private final String version;

	private int checked;

	CheckRelease(String version) {
		this.version = version;
	}

	public static void main(String[] args) throws Exception {
		Path repository = Path.of(args[0]);
		CheckRelease check = new CheckRelease(args[1]);
		Set<String> expected = new TreeSet<>(List.of(args).subList(2, args.length));
		check.directory(repository.resolve(GROUP), expected);
		for (String artifact : expected) {
			check.artifact(repository.resolve(GROUP).resolve(artifact).resolve(args[1]), artifact);
		}
		check.faults.forEach((fault) -> System.err.println("release: " + fault));
		System.out.printf("release: %d files of %d artifacts checked, %d faults%n", check.checked, expected.size(),
				check.faults.size());
		System.exit(check.faults.isEmpty() ? 0 : 1);
	}

	private void directory(Path group, Set<String> expected) throws IOException {
		try (Stream<Path> children = Files.list(group)) {
			Set<String> found = new TreeSet<>(children.map((child) -> child.getFileName().toString()).toList());
			require(found.equals(expected), group, "has " + found + " instead of " + expected);
		}
	}

	private void artifact(Path directory, String artifact) throws Exception {
		String name = artifact + "-" + this.version;
		Path pom = directory.resolve(name + ".pom");
		file(pom);
		Document document = pom(pom);
		file(directory.resolve(name + "-cyclonedx.json"));
		if (!"pom".equals(text(document, "packaging"))) {
			for (String suffix : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
				Path jar = directory.resolve(name + suffix);
				file(jar);
				jar(jar);
			}
			Path jar = directory.resolve(name + ".jar");
			module(jar, artifact);
			documentation(jar, directory.resolve(name + "-javadoc.jar"));
		}
	}

	private void file(Path file) throws Exception {
		if (!require(Files.isRegularFile(file), file, "is missing")) {
			return;
		}
		this.checked++;
		for (Map.Entry<String, String> checksum : CHECKSUMS.entrySet()) {
			Path sum = Path.of(file + "." + checksum.getKey());
			if (require(Files.isRegularFile(sum), sum, "is missing")) {
				byte[] digest = MessageDigest.getInstance(checksum.getValue()).digest(Files.readAllBytes(file));
				require(Files.readString(sum).trim().equals(HexFormat.of().formatHex(digest)), sum, "is wrong");
			}
		}
		Path signature = Path.of(file + ".asc");
		if (require(Files.isRegularFile(signature), signature, "is missing")) {
			Process gpg = new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), file.toString())
				.redirectErrorStream(true)
				.start();
			String output = new String(gpg.getInputStream().readAllBytes());
			require(gpg.waitFor() == 0, signature, "does not verify: " + output);
		}
	}

	private Document pom(Path pom) throws Exception {
		DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
		factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
		Document document = factory.newDocumentBuilder().parse(pom.toFile());
		for (String path : List.of("groupId", "artifactId", "version", "name", "description", "url",
				"licenses/license/name", "licenses/license/url", "developers/developer/name", "scm/connection",
				"scm/url")) {
			require(!text(document, path).isBlank(), pom, "has no " + path);
		}
		require(this.version.equals(text(document, "version")), pom, "has another version");
		require(text(document, "parent/artifactId").isEmpty(), pom, "needs a parent, which is not published");
		require(count(document, "//dependency[not(version)]") == 0, pom, "has a dependency without a version");
		require(count(document, "//dependency[scope = 'test']") == 0, pom, "has a dependency of its tests");
		String content = Files.readString(pom);
		// A pom knows its own version, wherever it is imported.
		require(!content.replace("${project.version}", "").contains("${"), pom, "has a property that is never resolved");
		require(!content.contains("SNAPSHOT"), pom, "needs a snapshot");
		return document;
	}

	private void jar(Path jar) throws IOException {
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			require(zip.getEntry("META-INF/MANIFEST.MF") != null, jar, "has no manifest");
			String name = jar.getFileName().toString();
			if (name.endsWith(this.version + ".jar")) {
				try (Stream<?> classes = zip.stream()
					.filter((entry) -> entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/"))) {
					classes.forEach((entry) -> bytecode(zip, jar, ((java.util.zip.ZipEntry) entry)));
				}
			}
		}
	}

	private void module(Path file, String artifact) throws IOException {
		String expected = MODULES.get(artifact);
		try (JarFile jar = new JarFile(file.toFile())) {
			String found = jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
			require(Objects.equals(expected, found), file, "has the module name " + found + ", not " + expected);
		}
	}

	/** Maven goes on when javadoc fails, and packs an empty jar. */
	private void documentation(Path jar, Path javadoc) throws IOException {
		try (ZipFile classes = new ZipFile(jar.toFile()); ZipFile pages = new ZipFile(javadoc.toFile())) {
			if (classes.stream().anyMatch((entry) -> entry.getName().endsWith(".class"))) {
				require(pages.getEntry("index-all.html") != null, javadoc, "has no pages");
				require(pages.stream().noneMatch((entry) -> entry.getName().contains("/internal/")), javadoc,
						"has pages of internal packages");
			}
		}
	}

	/** JDK 17 is promised: class files of version 61. */
	private void bytecode(ZipFile zip, Path jar, java.util.zip.ZipEntry entry) {
		try (InputStream in = zip.getInputStream(entry)) {
			int major = new BigInteger(1, in.readNBytes(8)).intValue() & 0xffff;
			require(major <= 61, jar, "has a class for a newer JDK than 17: " + entry.getName());
		}
		catch (IOException ex) {
			require(false, jar, "cannot be read: " + ex.getMessage());
		}
	}

	private String text(Document document, String path) throws Exception {
		return this.xpath.evaluate("/project/" + path, document);
	}

	private int count(Document document, String path) throws Exception {
		return Integer.parseInt(this.xpath.evaluate("count(" + path + ")", document));
	}

	private boolean require(boolean condition, Path subject, String fault) {
		if (!condition) {
			this.faults.add(subject.getFileName() + " " + fault);
		}
		return condition;
	}

}
