# Evaluates a configuration and answers what the checks ask, as JSON.
#   subject        the .nix file of a module, or the folder of a flake
#   flake          whether subject is a flake
#   wanted         the flake's configuration to take; empty: the only one
#   host           the host name where the configuration names none; empty: the configuration's name, or "nixos"
#   skipped        options that could not be evaluated before (JSON list)
#   names          every identifier in the sources (JSON list), for packages and inputs
#   sandbox        the sandbox image of the module in use
{ subject, flake, wanted, host, skipped, namesFile, sandbox }:
let
  b = builtins;
  names = b.fromJSON (b.readFile namesFile);
  system_ = import ./modules.nix { inherit names; folder = if flake then subject else b.dirOf subject; };
  inherit (system_) lib nixosSystem;
  skip = b.fromJSON skipped;
  preset = name: {
    _file = "nixos";
    config = {
      medic.hostName = lib.mkForce (if host != "" then host else name);
      medic.sandboxImage = lib.mkForce sandbox;
    };
  };
  configured = name: args: nixosSystem (args // { modules = args.modules or [ ] ++ [ (preset name) ]; });

  # -- a flake ----------------------------------------------------------------------------------------------------
  nothing = lib.genAttrs (names ++ [ "default" ]) (_: { });
  input = name: {
    outPath = toString ./. + "/nixpkgs";
    nixosModules = nothing;
    nixosModule = { };
    modules = nothing;
    packages = platforms;
    legacyPackages = platforms;
    defaultPackage = platforms;
    overlays = lib.genAttrs (names ++ [ "default" ]) (_: _: _: { });
    overlay = _: _: { };
    lib = lib // { nixosSystem = args: args // { medicSystem = true; }; };
    inputs = { };
    rev = "";
    shortRev = "";
    lastModified = 0;
    lastModifiedDate = "19700101000000";
    sourceInfo = { };
  };
  platforms = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (_: system_.pkgs);
  source = import (subject + "/flake.nix");
  declared = source.inputs or { };
  inputNames = lib.unique (lib.attrNames declared ++ lib.filter (n: n != "self") (lib.attrNames (b.functionArgs source.outputs)));
  inputs = lib.genAttrs inputNames input // { inherit self; };
  self = outputs // { outPath = subject; inherit inputs outputs; rev = ""; sourceInfo = { }; lastModifiedDate = "19700101000000"; };
  outputs = source.outputs inputs;
  systems = lib.filterAttrs (_: s: lib.isAttrs s && s.medicSystem or false) (outputs.nixosConfigurations or { });
  chosen = if wanted != "" then wanted else lib.head (lib.attrNames systems);
  fromFlake =
    if outputs.nixosConfigurations or { } == { } then throw "the flake has no nixosConfigurations"
    else if systems == { } then throw "no configuration of the flake is made with nixpkgs.lib.nixosSystem"
    else if !(systems ? ${chosen}) then throw "the flake has no configuration '${chosen}': it has ${lib.concatStringsSep ", " (lib.attrNames systems)}"
    else configured chosen (removeAttrs systems.${chosen} [ "medicSystem" ]);
  fromFile = configured "nixos" { modules = [ subject ]; };
  result = if flake then fromFlake else fromFile;
  medic = result.medic;

  # -- values as JSON -----------------------------------------------------------------------------------------------
  plain = depth: v:
    if depth > 12 then "…"
    else if lib.isString v then b.unsafeDiscardStringContext v
    else if lib.isPath v then toString v
    else if lib.isList v then map (plain (depth + 1)) v
    else if lib.isFunction v then "<function>"
    else if lib.isAttrs v then
      if v ? outPath then {
        package = v.label or v.name or "";
        name = toString (v.name or "");
        version = toString (v.version or "");
        image = toString (v.image or "");
        overridden = v.overridden or false;
        rev = if lib.isAttrs (v.src or null) then toString (v.src.rev or "") else "";
        hash = if lib.isAttrs (v.src or null) then toString (v.src.hash or "") else "";
        pinnedHash = toString (v.vendorHash or "");
      }
      else lib.mapAttrs (_: plain (depth + 1)) v
    else v;

  # -- what is asked ------------------------------------------------------------------------------------------------
  at = path: lib.foldl' (n: step: if n == null then null else n.kids.${step} or null) medic.root path;
  ours = toString ./.;
  places = node: lib.filter (p: !lib.hasPrefix ours p.file) node.places;
  leaf = path: node: {
    option = lib.concatStringsSep "." path;
    places = places node;
    declared = node.isDeclared;
    value = plain 0 node.value;
    isSet = places node != [ ];
    priority = lib.foldl' (p: i: lib.min p i.priority) 1500 node.items;
  };
  skippedLeaf = path: node: {
    option = lib.concatStringsSep "." path;
    places = places node;
    skipped = true;
  };
  # An option without a default and a value is absent, not wrong: the real module says so when it is used.
  isAbsent = node: !node.inner && (if node.isDeclared then !(node.option ? default) && node.items == [ ] else node.winning == [ ]);
  walk = path: node:
    let name = lib.concatStringsSep "." path; in
    if lib.elem name skip then [ (skippedLeaf path node) ]
    else b.addErrorContext "medic-option:${name}:" (
      if node.inner then lib.concatMap (n: walk (path ++ [ n ]) node.kids.${n}) (lib.attrNames node.kids)
      else if isAbsent node then [ ]
      else let found = leaf path node; in b.deepSeq found [ found ]);
  roots = [
    [ "services" "kubernetes" ]
    [ "services" "etcd" ]
    [ "virtualisation" "containerd" ]
    [ "systemd" "services" "kubelet" ]
    [ "systemd" "services" "kube-apiserver" ]
    [ "systemd" "services" "kube-controller-manager" ]
    [ "systemd" "services" "kube-scheduler" ]
    [ "systemd" "services" "kube-proxy" ]
    [ "systemd" "services" "etcd" ]
    [ "networking" "hostName" ]
    [ "networking" "firewall" ]
    [ "environment" "etc" ]
    [ "systemd" "tmpfiles" ]
    [ "system" "activationScripts" ]
    [ "virtualisation" "docker" ]
    [ "assertions" ]
  ];
in
{
  options = lib.concatMap (path: let n = at path; in if n == null then [ ] else walk path n) roots;
  missing = medic.missing;
  files = medic.files;
  outside = medic.outside;
  passed = medic.passed;
  configuration = if flake then chosen else "";
  configurations = if flake then lib.attrNames systems else [ ];
  inputs = if flake then lib.mapAttrsToList (n: v: { name = n; url = if lib.isAttrs v then toString (v.url or "") else ""; }) declared else [ ];
}
