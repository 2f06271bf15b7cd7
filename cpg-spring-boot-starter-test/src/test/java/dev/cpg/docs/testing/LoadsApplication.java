package dev.cpg.docs.testing;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The service that docs/testing.md tests.
 */
@SpringBootApplication
class LoadsApplication {

}
