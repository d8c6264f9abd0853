# Packages as a configuration may name them: names with a version where one is written, and nothing to build.
{ names, lib }:
let
  any = label: lib.genAttrs names (n: package "${label}.${n}" n);
  package = label: name: any label // {
    type = "derivation";
    inherit name;
    pname = name;
    version = "";
    label = label;
    outPath = "/nix/store/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-${name}";
    drvPath = "/nix/store/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-${name}.drv";
    meta = { };
    passthru = { };
    override = _: package label name;
    overrideAttrs = f: let
      old = package label name // { src = { }; patches = [ ]; buildInputs = [ ]; nativeBuildInputs = [ ]; postPatch = ""; };
      # Both shapes: old: {…} and final: prev: {…}.
      once = if lib.isFunction f then f old else f;
      changed = if lib.isFunction once then f (old // changed) old else once;
    in old // changed // { overridden = true; };
    overrideDerivation = _: package label name;
  };
  built = kind: label: args: package label (args.name or args.pname or kind) // {
    version = args.tag or args.version or "";
    image = if kind == "image" then "${args.name or "?"}:${args.tag or "latest"}" else "";
  };
  special = pkgs: {
    inherit lib;
    system = "x86_64-linux";
    stdenv = any "stdenv" // {
      mkDerivation = built "derivation" "pkgs.stdenv.mkDerivation";
      hostPlatform = { system = "x86_64-linux"; isLinux = true; isx86_64 = true; isAarch64 = false; };
      isLinux = true;
    };
    dockerTools = any "dockerTools" // {
      buildImage = built "image" "pkgs.dockerTools.buildImage";
      buildLayeredImage = built "image" "pkgs.dockerTools.buildLayeredImage";
      streamLayeredImage = built "image" "pkgs.dockerTools.streamLayeredImage";
      pullImage = args: built "image" "pkgs.dockerTools.pullImage"
        (args // { name = args.finalImageName or args.imageName or "?"; tag = args.finalImageTag or "latest"; });
    };
    fetchFromGitHub = args: package "pkgs.fetchFromGitHub" "source" // {
      rev = args.rev or args.tag or "";
      hash = args.hash or args.sha256 or "";
      owner = args.owner or "";
      repo = args.repo or "";
    };
    fetchurl = args: package "pkgs.fetchurl" "source" // { url = args.url or ""; hash = args.hash or args.sha256 or ""; };
    fetchzip = special_.fetchurl;
    fetchgit = special_.fetchurl;
    fetchpatch = special_.fetchurl;
    buildEnv = built "env" "pkgs.buildEnv";
    symlinkJoin = built "env" "pkgs.symlinkJoin";
    buildGoModule = built "go" "pkgs.buildGoModule";
    writeText = name: _: package "pkgs.writeText" name;
    writeTextFile = args: package "pkgs.writeTextFile" args.name;
    writeTextDir = name: _: package "pkgs.writeTextDir" name;
    writeScript = name: _: package "pkgs.writeScript" name;
    writeScriptBin = name: _: package "pkgs.writeScriptBin" name;
    writeShellScript = name: _: package "pkgs.writeShellScript" name;
    writeShellScriptBin = name: _: package "pkgs.writeShellScriptBin" name;
    writeShellApplication = args: package "pkgs.writeShellApplication" args.name;
    runCommand = name: _: _: package "pkgs.runCommand" name;
    runCommandLocal = special_.runCommand;
    linkFarm = name: _: package "pkgs.linkFarm" name;
    callPackage = f: args: package "pkgs.callPackage" "called";
    formats = lib.genAttrs [ "toml" "json" "yaml" "ini" ] (_: _: { type = lib.types.attrs; generate = name: _: package "pkgs.formats" name; });
    extend = _: pkgs;
    appendOverlays = _: pkgs;
    pkgsStatic = pkgs;
    pkgsCross = { };
    config = { };
  };
  special_ = special all;
  kubernetes = package "pkgs.kubernetes" "kubernetes" // { pause = package "pkgs.kubernetes.pause" "pause"; };
  all = lib.genAttrs (names ++ [
    "kubernetes" "etcd" "containerd" "cri-tools" "cni-plugins" "cni-plugin-flannel" "coreutils" "kubectl" "runc"
  ]) (n: if n == "kubernetes" then kubernetes else package "pkgs.${n}" n) // special_ // { inherit kubernetes; };
in
all
