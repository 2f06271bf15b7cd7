package dev.cpg.spring.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a class the logical name under which its objects travel, which members agree on
 * whatever their classes are called. Objects of subclasses travel under the same name
 * unless they have one of their own.
 * <p>
 * Sending needs nothing more. What is received becomes an object only of a type that the
 * application allows: the annotated classes in the packages that its auto-configuration
 * covers, and those that {@code cpg.messages.types} names.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface CpgMessageType {

	/**
	 * The name, 1 to 255 bytes in UTF-8.
	 */
	String value();

}
