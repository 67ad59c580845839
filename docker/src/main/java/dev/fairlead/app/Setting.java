package dev.fairlead.app;

/** A setting that the command line may say over the files'. */
enum Setting {
    ADMIN("--admin", "", "admin"), NODE("--node", "", "nodeName"), DATA_PATH("--data-path", "", "dataPath"), BALANCER(
            "--balancer", "defaults", "balancer"), LOG_LEVEL("--log-level", "logging", "level"), LOG_FORMAT(
                    "--log-format", "logging", "format"), KUBECONFIG("--kubeconfig", "kubernetes",
                            "kubeconfig"), HANDOVER("--handover", "", "handover");

    private final String option;
    private final String group;
    private final String key;

    Setting(String option, String group, String key) {
        this.option = option;
        this.group = group;
        this.key = key;
    }

    String option() {
        return option;
    }

    /** The group of ProxyConfiguration that it is in, {@code ""} at the top. */
    String group() {
        return group;
    }

    String key() {
        return key;
    }
}
