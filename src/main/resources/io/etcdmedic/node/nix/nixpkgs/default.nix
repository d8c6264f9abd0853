# What `import nixpkgs { … }` gives: the packages of packages.nix, by the names that the caller's sources use.
{ system ? "", config ? { }, overlays ? [ ], ... }: (import ../modules.nix { names = builtins.fromJSON (builtins.readFile ../names.json); }).pkgs
