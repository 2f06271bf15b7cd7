package dev.cpg.wrong.composed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.cpg.spring.message.CpgMessageType;

import org.springframework.core.annotation.AliasFor;

/**
 * An annotation of the application's own that gives a type its name.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@CpgMessageType("shop")
public @interface ShopMessage {

	/** The name. */
	@AliasFor(annotation = CpgMessageType.class, attribute = "value")
	String value();

}
