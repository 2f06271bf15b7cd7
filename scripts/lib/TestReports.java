import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the output of each failed test, the logs of its daemons included, and counts the tests. Surefire's XML reports
 * hold the output test by test; its files {@code *-output.txt} lose what comes before a nested class.
 * <p>
 * Usage: {@code java TestReports.java ROOT SINCE}, where SINCE is a file that is older than the reports to read.
 */
class TestReports {

	/** The end of a test on three nodes fits, and one failure does not bury the next. */
	private static final int SHOWN_LINES = 200;

	private final XMLInputFactory factory = XMLInputFactory.newFactory();

	private int tests;

	private int failures;

	private int skipped;

	TestReports() {
		this.factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
		this.factory.setProperty(XMLInputFactory.IS_COALESCING, true);
	}

	public static void main(String[] args) throws Exception {
		TestReports all = new TestReports();
		for (Path report : reports(Path.of(args[0]), Files.getLastModifiedTime(Path.of(args[1])))) {
			all.read(report);
		}
		System.out.printf("test: %d tests, %d failed, %d skipped%n", all.tests, all.failures, all.skipped);
	}

	private static List<Path> reports(Path root, FileTime since) throws IOException {
		try (Stream<Path> files = Files.walk(root, 4)) {
			return files.filter((file) -> file.toString().matches(".*/target/surefire-reports/TEST-[^/]*[.]xml"))
				.filter((file) -> file.toFile().lastModified() >= since.toMillis())
				.sorted()
				.toList();
		}
	}

	private void read(Path report) throws IOException, XMLStreamException {
		try (InputStream in = Files.newInputStream(report)) {
			XMLStreamReader reader = this.factory.createXMLStreamReader(in);
			String test = "";
			boolean failed = false;
			while (reader.hasNext()) {
				if (reader.next() != XMLStreamReader.START_ELEMENT) {
					continue;
				}
				switch (reader.getLocalName()) {
					case "testcase" -> {
						this.tests++;
						test = reader.getAttributeValue(null, "classname") + "." + reader.getAttributeValue(null, "name");
						failed = false;
					}
					case "failure", "error" -> {
						this.failures++;
						failed = true;
					}
					case "skipped" -> this.skipped++;
					case "system-out", "system-err" -> {
						if (failed) {
							print(test, reader.getElementText(), report);
						}
					}
					default -> {
					}
				}
			}
		}
	}

	private void print(String test, String output, Path report) {
		List<String> lines = output.lines().toList();
		int from = Math.max(0, lines.size() - SHOWN_LINES);
		System.out.printf("%n--- output of %s%s%n", test,
				(from > 0) ? " (the last %d of %d lines in %s)".formatted(SHOWN_LINES, lines.size(), report) : "");
		lines.subList(from, lines.size()).forEach(System.out::println);
		System.out.println();
	}

}
