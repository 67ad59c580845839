package dev.fairlead.semantics;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** The mistakes that the comparison has to find, each in a rule of its own. */
final class Mutations {
    private static final String BALANCE = "dev.fairlead.balance.";
    private static final String MODEL = "dev.fairlead.model.";
    private static final String SOURCE = "dev.fairlead.source.";

    private Mutations() {
    }

    static List<Mutation> all() {
        return List.of(
                mutation("the cluster set uses terminating endpoints beside ready ones, and no others",
                        BALANCE + "EndpointSelection", "clusterVerdict", Mutations::opposite,
                        "field EndpointSelection.anyReady", "ifeq"),
                mutation("the local set falls back only where nothing is ready anywhere",
                        BALANCE + "EndpointSelection", "localVerdict",
                        field(BALANCE + "EndpointSelection", "anyReady"), "field EndpointSelection.anyReadyHere"),
                mutation("the fallback takes endpoints that do not terminate", MODEL + "Endpoint", "readiness",
                        answer(1), "field Endpoint.terminating"),
                mutation("nil serving means false", SOURCE + "SliceTranslation", "endpoint", push(0),
                        "call Member.serving", "push 1"),
                mutation("nil terminating means true", SOURCE + "SliceTranslation", "endpoint", push(1),
                        "call Member.terminating", "push 0"),
                mutation("hints for nodes are ignored", BALANCE + "EndpointSelection$Topology", "of", answer(0),
                        "call NodeIdentity.name", "dynamic Endpoint.nodeHints", "call Topology.narrows"),
                mutation("hints for zones are ignored", BALANCE + "EndpointSelection$Topology", "of", answer(0),
                        "call NodeIdentity.zone", "dynamic Endpoint.zoneHints", "call Topology.narrows"),
                mutation("hints count although an endpoint has none", BALANCE + "EndpointSelection$Topology",
                        "narrows", answer(1), "call Stream.noneMatch"),
                mutation("internalTrafficPolicy Local is taken for Cluster", BALANCE + "FrontendVerdicts", "of",
                        policy("CLUSTER"), "call ServicePort.internalPolicy"),
                mutation("externalTrafficPolicy Local is taken for Cluster", BALANCE + "FrontendVerdicts", "of",
                        policy("CLUSTER"), "call ServicePort.externalPolicy"),
                mutation("pods and the node have no short circuit", BALANCE + "FrontendVerdicts", "of", answer(0),
                        "call FrontendVerdicts.shortCircuit"),
                mutation("source ranges let everybody in", BALANCE + "FrontendVerdicts", "admits", answer(1),
                        "call List.isEmpty"),
                mutation("source ranges apply to every frontend", BALANCE + "FlowVerdicts", "captured",
                        constant("FrontendKind", "LOAD_BALANCER"), "call Owner.kind", "call FrontendVerdicts.admitted"),
                mutation("source ranges shut the node out that comes from a load balancer's address",
                        BALANCE + "FrontendVerdicts", "admitted", answer(0), "call Optional.isPresent"),
                mutation("a client that is its own only endpoint keeps its address", BALANCE + "FlowVerdicts",
                        "kept", answer(0), "call Stream.allMatch"),
                mutation("pods are not told from others", BALANCE + "SourceKinds", "of", answer(0),
                        "call Cidr.contains"),
                mutation("ipMode Proxy is captured too", SOURCE + "ServiceTranslation", "loadBalancerVips",
                        answer(1), "push VIP", "call String.equals"),
                mutation("the headless label is ignored", SOURCE + "ServiceTranslation", "skipped", answer(0),
                        "push service.kubernetes.io/headless", "call Map.containsKey"),
                mutation("a local copy of an address counts no more than another", SOURCE + "SliceTranslation",
                        "preference", answer(0), "call NodeIdentity.isLocal"),
                mutation("an address is the smaller name's, whatever kind of frontend it is", SOURCE + "FrontendClaims",
                        "static", answer(0), "call List.indexOf"),
                mutation("leading zeros are octal", MODEL + "IpText", "decimal", Mutations::octal,
                        "call String.isEmpty"));
    }

    private static Mutation mutation(String sentence, String type, String method, Mutation.Edit edit,
            String... pattern) {
        return new Mutation(sentence, type, method, List.of(pattern), edit);
    }

    private static void opposite(CodeBuilder code, Instruction found) {
        BranchInstruction branch = (BranchInstruction) found;
        Opcode other = switch (branch.opcode()) {
            case IFEQ -> Opcode.IFNE;
            case IFNE -> Opcode.IFEQ;
            default -> throw new IllegalStateException("branch: " + branch.opcode() + " (expected: IFEQ or IFNE)");
        };
        code.branch(other, branch.target());
    }

    /** Another field of the same object, a boolean. */
    private static Mutation.Edit field(String type, String name) {
        return (code, _) -> code.getfield(ClassDesc.of(type), name, ConstantDescs.CD_boolean);
    }

    private static Mutation.Edit push(int value) {
        return (code, _) -> code.loadConstant(value);
    }

    /** It is done, but this is what it comes to: a number, or a boolean as one. */
    private static Mutation.Edit answer(int value) {
        return (code, found) -> code.with(found).pop().loadConstant(value);
    }

    private static Mutation.Edit policy(String name) {
        ClassDesc type = ClassDesc.of(MODEL + "TrafficPolicy");
        return (code, found) -> code.with(found).pop().getstatic(type, name, type);
    }

    /** The last argument is this one of an enumeration, whatever was to be passed. */
    private static Mutation.Edit constant(String enumeration, String name) {
        ClassDesc type = ClassDesc.of(MODEL + enumeration);
        return (code, found) -> code.pop().getstatic(type, name, type).with(found);
    }

    private static void octal(CodeBuilder code, Instruction found) {
        Label decimal = code.newLabel();
        code.dup().loadConstant("0")
                .invokevirtual(ConstantDescs.CD_String, "startsWith",
                        MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_String))
                .ifeq(decimal).loadConstant(8)
                .invokestatic(ConstantDescs.CD_Integer, "parseInt",
                        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_String, ConstantDescs.CD_int))
                .ireturn().labelBinding(decimal).with(found);
    }
}
