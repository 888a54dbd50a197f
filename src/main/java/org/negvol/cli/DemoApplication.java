package org.negvol.cli;

import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;
import org.negvol.node.Node;

/** What runs once the node of a demonstration has started; the node stops when it ends. */
class DemoApplication implements QuarkusApplication {

    private final Node node;

    @Inject
    DemoApplication(Node node) {
        this.node = node;
    }

    @Override
    public int run(String... args) throws Exception {
        int httpPort = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
        return DemoCommand.CURRENT.get().show(node.port(), httpPort);
    }
}
