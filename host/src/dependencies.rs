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

/// A component and what is composed into it, read but not put together.
pub struct Parts<'a> {
    wasm: Vec<u8>,
    dependencies: Vec<Part<'a>>,
}

struct Part<'a> {
    name: &'a str,
    dependency: &'a Dependency,
    wasm: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Reads the dependencies' files.
    pub fn read(
        wasm: Vec<u8>,
        dependencies: &'a BTreeMap<String, Dependency>,
        root: &Path,
    ) -> Result<Self> {
        let read = |(name, dependency): (&'a String, &'a Dependency)| {
            let path = root.join(&dependency.path);
            let wasm = std::fs::read(&path).with_context(|| {
                format!(
                    "dependency {name:?}: cannot read {}: build it first",
                    path.display()
                )
            })?;
            Ok(Part {
                name,
                dependency,
                wasm,
            })
        };
        let dependencies = dependencies.iter().map(read).collect::<Result<_>>()?;
        Ok(Self { wasm, dependencies })
    }

    /// All that decides what becomes of them, one thing after the other. `None`: the component stands alone.
    pub fn identity(&self) -> Option<impl Iterator<Item = &[u8]>> {
        let parts = self.dependencies.iter().flat_map(|part| {
            let export = part.dependency.export.as_deref().unwrap_or_default();
            let inherits: &[u8] = if part.dependency.inherits {
                b"inherits"
            } else {
                b""
            };
            [
                part.name.as_bytes(),
                export.as_bytes(),
                inherits,
                part.wasm.as_slice(),
            ]
        });
        (!self.dependencies.is_empty()).then(|| std::iter::once(self.wasm.as_slice()).chain(parts))
    }

    /// The component with its dependencies composed in.
    pub fn compose(self) -> Result<Vec<u8>> {
        if self.dependencies.is_empty() {
            return Ok(self.wasm);
        }
        compose(self.wasm, self.dependencies)
    }
}

fn compose(wasm: Vec<u8>, dependencies: Vec<Part<'_>>) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let (world, component) = instantiate(&mut graph, "component", wasm)?;
    let imports: Vec<String> = graph.types()[world].imports.keys().cloned().collect();
    let mut filled: BTreeMap<String, &str> = BTreeMap::new();
    for (index, part) in dependencies.into_iter().enumerate() {
        let Part {
            name,
            dependency,
            wasm,
        } = part;
        let wanted: Vec<&String> = imports
            .iter()
            .filter(|import| matches(name, import))
            .collect();
        if wanted.is_empty() {
            bail!("dependency {name:?}: the component imports nothing of this name");
        }
        let wasm = if dependency.inherits {
            Ok(wasm)
        } else {
            deny(wasm)
        };
        let (_, instance) = wasm
            .and_then(|wasm| instantiate(&mut graph, &format!("dependency{index}"), wasm))
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
