package dev.fairlead.walls;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;

/** That a class's package carries an annotation. */
final class PackageMark extends ArchCondition<JavaClass> {
    private final Class<? extends Annotation> mark;

    PackageMark(Class<? extends Annotation> mark) {
        super("be in a package marked @" + mark.getSimpleName());
        this.mark = mark;
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
        events.add(new SimpleConditionEvent(item, item.getPackage().isAnnotatedWith(mark), item.getDescription()));
    }
}
