//! Cron triggers call their component, and nobody else can call it that way.

use crate::harness::{Probe, ok, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_component_is_called_at_its_times() {
    let probe = Probe::new(
        r#"
[[trigger.http]]
route = { private = true }
component = "probe"
[[trigger.cron]]
component = "probe"
cron_expression = "* * * * * *"
[component.probe]
source = "PROBE"
key_value_stores = ["default"]
"#,
    );
    let served = probe.serve().await;
    until("a second tick", async || {
        let ticks = probe
            .last(json!([{"store": "default"}, {"get": "ticks"}]))
            .await;
        ticks == ok(json!("2"))
    })
    .await;
    served.stop.cancel();
    served.task.await.unwrap();
}
