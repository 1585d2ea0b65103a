//! Component dependencies, composed in before compiling. A dependency gets nothing of what its dependent
//! was granted unless the manifest says so: the imports that could reach anything are filled with traps.

use crate::manifest::Dependency;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;
use std::path::Path;
use wac_graph::types::{Package, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, dummy_module};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, WorldItem};

/// Interfaces by which nothing can be reached that had to be granted: time, chance, output, and types
/// whose values only other interfaces hand out. Packages end with `/`.
const HARMLESS: [&str; 10] = [
    "wasi:cli/exit",
    "wasi:cli/std",
    "wasi:cli/terminal-",
    "wasi:cli/types",
    "wasi:clocks/",
    "wasi:filesystem/types",
    "wasi:http/types",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// The component with its dependencies composed in.
pub fn compose(
    wasm: Vec<u8>,
    dependencies: &BTreeMap<String, Dependency>,
    root: &Path,
) -> Result<Vec<u8>> {
    if dependencies.is_empty() {
        return Ok(wasm);
    }
    let mut graph = CompositionGraph::new();
    let (world, component) = instantiate(&mut graph, "component", wasm)?;
    let imports: Vec<String> = graph.types()[world].imports.keys().cloned().collect();
    let mut filled: BTreeMap<String, &str> = BTreeMap::new();
    for (index, (name, dependency)) in dependencies.iter().enumerate() {
        let wanted: Vec<&String> = imports
            .iter()
            .filter(|import| matches(name, import))
            .collect();
        if wanted.is_empty() {
            bail!("dependency {name:?}: the component imports nothing of this name");
        }
        let instance = add(&mut graph, index, dependency, root)
            .with_context(|| format!("dependency {name:?}"))?;
        for import in wanted {
            if let Some(other) = filled.insert(import.clone(), name) {
                bail!("dependencies {other:?} and {name:?} both provide {import:?}");
            }
            let export = dependency.export.as_deref().unwrap_or(import);
            let export = graph
                .alias_instance_export(instance, export)
                .with_context(|| format!("dependency {name:?} does not export {export:?}"))?;
            graph
                .set_instantiation_argument(component, import, export)
                .with_context(|| format!("dependency {name:?} does not fit {import:?}"))?;
        }
    }
    finish(graph, world, component)
}

/// `package:name`, `package:name/interface`, either with `@version`, or a plain name.
fn matches(dependency: &str, import: &str) -> bool {
    fn parts(name: &str) -> (&str, Option<&str>, Option<&str>) {
        let (name, version) = match name.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (name, None),
        };
        match name.split_once('/') {
            Some((package, interface)) => (package, Some(interface), version),
            None => (name, None, version),
        }
    }
    let (package, interface, version) = parts(dependency);
    let (its_package, its_interface, its_version) = parts(import);
    package == its_package
        && (interface.is_none() || interface == its_interface)
        && (version.is_none() || version == its_version)
}

fn add(
    graph: &mut CompositionGraph,
    index: usize,
    dependency: &Dependency,
    root: &Path,
) -> Result<NodeId> {
    let path = root.join(&dependency.path);
    let mut wasm = std::fs::read(&path)
        .with_context(|| format!("cannot read {}: build it first", path.display()))?;
    if !dependency.inherits {
        wasm = deny(wasm)?;
    }
    let (_, instance) = instantiate(graph, &format!("dependency{index}"), wasm)?;
    Ok(instance)
}

fn instantiate(
    graph: &mut CompositionGraph,
    name: &str,
    wasm: Vec<u8>,
) -> Result<(WorldId, NodeId)> {
    let name = format!("vikno:{name}");
    let package = Package::from_bytes(&name, None, wasm, graph.types_mut())?;
    let world = package.ty();
    let package = graph.register_package(package)?;
    Ok((world, graph.instantiate(package)))
}

/// Exports what the instance exports.
fn finish(mut graph: CompositionGraph, world: WorldId, instance: NodeId) -> Result<Vec<u8>> {
    let exports: Vec<String> = graph.types()[world].exports.keys().cloned().collect();
    for name in exports {
        let export = graph.alias_instance_export(instance, &name)?;
        graph.export(export, &name)?;
    }
    Ok(graph.encode(EncodeOptions::default())?)
}

/// The component with every import that is not harmless filled with a trap.
fn deny(wasm: Vec<u8>) -> Result<Vec<u8>> {
    let Some((stub, denied)) = stub(&wasm)? else {
        return Ok(wasm);
    };
    let mut graph = CompositionGraph::new();
    let (world, component) = instantiate(&mut graph, "denied", wasm)?;
    let (_, stub) = instantiate(&mut graph, "stub", stub)?;
    for name in denied {
        let export = graph.alias_instance_export(stub, &name)?;
        graph.set_instantiation_argument(component, &name, export)?;
    }
    finish(graph, world, component)
}

/// A component that exports what the other imports and may not reach, each function a trap,
/// and the names of that. `None`: all its imports are harmless.
fn stub(wasm: &[u8]) -> Result<Option<(Vec<u8>, Vec<String>)>> {
    let DecodedWasm::Component(mut resolve, world) = wit_component::decode(wasm)? else {
        return Err(anyhow!("it is no component but a WIT package"));
    };
    let imports = std::mem::take(&mut resolve.worlds[world].imports);
    let mut denied = Vec::new();
    let (mut passed, mut stubbed) = (imports.clone(), imports);
    passed.retain(|key, item| {
        let name = resolve.name_world_key(key);
        let is_harmless = HARMLESS.iter().any(|prefix| name.starts_with(prefix))
            || matches!(item, WorldItem::Type { .. });
        if !is_harmless {
            denied.push(name);
        }
        is_harmless
    });
    stubbed.retain(|key, _| denied.contains(&resolve.name_world_key(key)));
    if denied.is_empty() {
        return Ok(None);
    }
    resolve.worlds[world].imports = passed;
    resolve.worlds[world].exports = stubbed;
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    let stub = ComponentEncoder::default().module(&module)?.encode()?;
    Ok(Some((stub, denied)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_names_a_package_an_interface_or_a_plain_import() {
        for (dependency, import) in [
            ("demo:greet/api@1.0.0", "demo:greet/api@1.0.0"),
            ("demo:greet/api", "demo:greet/api@1.0.0"),
            ("demo:greet@1.0.0", "demo:greet/other@1.0.0"),
            ("demo:greet", "demo:greet/api"),
            ("greet", "greet"),
        ] {
            assert!(matches(dependency, import), "{dependency} {import}");
        }
        for (dependency, import) in [
            ("demo:greet/api@1.0.0", "demo:greet/api@2.0.0"),
            ("demo:greet/api", "demo:greet/other"),
            ("demo:greet", "demo:greeting/api"),
            ("greet", "greeting"),
        ] {
            assert!(!matches(dependency, import), "{dependency} {import}");
        }
    }
}
