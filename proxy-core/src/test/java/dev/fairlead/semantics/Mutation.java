package dev.fairlead.semantics;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A mistake planted in the product: one instruction of one method written differently. Where it belongs is said by the
 * instructions that lead up to it, and a product that has these not exactly once is refused, so that no mutation
 * outlives the code that it was meant for.
 *
 * @param sentence what the product gets wrong by it
 * @param type the class's name
 * @param method the method's name; lambdas in it belong to it
 * @param pattern consecutive instructions as {@link #text}, the last of which is the one that the edit replaces
 */
record Mutation(String sentence, String type, String method, List<String> pattern, Edit edit) {
    Mutation {
        pattern = List.copyOf(pattern);
    }

    /** Writes something else in the place of an instruction. */
    interface Edit {
        void write(CodeBuilder code, Instruction found);
    }

    private record Place(MethodModel method, int element) {
    }

    byte[] applied(byte[] original) {
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver
                .ofResourceParsing(Mutation.class.getClassLoader()).orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel model = classFile.parse(original);
        Place place = place(model);
        return classFile.transformClass(model, ClassTransform.transformingMethodBodies(
                method -> method.methodName().equals(place.method().methodName())
                        && method.methodType().equals(place.method().methodType()),
                CodeTransform.ofStateful(() -> edit(place.element()))));
    }

    private CodeTransform edit(int place) {
        int[] next = {0};
        return (code, element) -> {
            if (next[0]++ == place && element instanceof Instruction found) {
                edit.write(code, found);
            } else {
                code.with(element);
            }
        };
    }

    private Place place(ClassModel model) {
        List<Place> places = new ArrayList<>();
        for (MethodModel candidate : model.methods()) {
            String name = candidate.methodName().stringValue();
            if (name.equals(method) || name.startsWith("lambda$" + method + "$")) {
                candidate.code().ifPresent(code -> places(code)
                        .forEach(element -> places.add(new Place(candidate, element))));
            }
        }
        if (places.size() != 1) {
            throw new IllegalStateException("instructions " + pattern + " in " + type + "." + method + ": "
                    + places.size() + " times (expected: once); the code has changed, so must the mutation: "
                    + sentence);
        }
        return places.getFirst();
    }

    /** Which elements end the pattern. */
    private List<Integer> places(CodeModel code) {
        List<CodeElement> elements = code.elementList();
        List<String> texts = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof Instruction instruction) {
                texts.add(text(instruction));
                int from = texts.size() - pattern.size();
                if (from >= 0 && texts.subList(from, texts.size()).equals(pattern)) {
                    found.add(i);
                }
            }
        }
        return found;
    }

    /** An instruction without what compilers choose: {@code call List.isEmpty}, {@code push 1}, {@code ifeq}. */
    private static String text(Instruction instruction) {
        return switch (instruction) {
            case InvokeInstruction call -> "call " + simple(call.owner().asInternalName()) + "."
                    + call.name().stringValue();
            case FieldInstruction field -> "field " + simple(field.owner().asInternalName()) + "."
                    + field.name().stringValue();
            case ConstantInstruction constant -> "push " + constant.constantValue();
            case LoadInstruction _ -> "load";
            case InvokeDynamicInstruction dynamic -> "dynamic " + reference(dynamic.bootstrapArgs());
            default -> instruction.opcode().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String simple(String internalName) {
        return internalName.substring(Math.max(internalName.lastIndexOf('/'), internalName.lastIndexOf('$')) + 1);
    }

    private static String reference(List<ConstantDesc> arguments) {
        for (ConstantDesc argument : arguments) {
            if (argument instanceof DirectMethodHandleDesc handle) {
                String owner = handle.owner().descriptorString();
                return simple(owner.substring(1, owner.length() - 1)) + "." + handle.methodName();
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return sentence;
    }
}
