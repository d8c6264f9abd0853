# A module system that reads: it merges definitions by priority and type as nixpkgs' does, keeps where each stands, and
# goes on where nixpkgs' would stop. Options that options.nix does not declare are taken as they come.
#   folder   only modules below it are read; empty: all
{ names, folder ? "" }:
let
  b = builtins;
  lib = import ./lib.nix { inherit names; };
  inherit (lib) isAttrs isFunction isList isType concatMap filter length head all any elem attrNames mapAttrs;
  pkgs = import ./packages.nix { inherit names lib; };

  # What stands behind mkIf, mkMerge, mkOverride and mkOrder.
  expand = item:
    let v = item.value; in
    if isType "merge" v then concatMap (x: expand (item // { value = x; })) v.contents
    else if isType "if" v then expand (item // { value = v.content; conditions = item.conditions ++ [ v.condition ]; })
    else if isType "override" v then expand (item // { value = v.content; priority = v.priority; })
    else if isType "order" v then expand (item // { value = v.content; order = v.priority; })
    else [ item ];

  isTree = v: isAttrs v && !(v ? outPath) && !(v ? _type) && !(v ? type && v.type == "derivation");
  holds = item: all (c: c) item.conditions;

  # Definitions that count: conditions hold, best priority, in order.
  winners = items:
    let
      valid = filter holds items;
      best = lib.foldl' (p: i: lib.min p i.priority) 9999 valid;
    in
    lib.sort (x: y: x.order < y.order) (filter (i: i.priority == best) valid);

  children = name: items: concatMap
    (i: if isAttrs i.value && i.value ? ${name} then
      let at = b.unsafeGetAttrPos name i.value; in
      expand (i // {
        value = i.value.${name};
        place = if at == null then i.place else { file = toString at.file; line = at.line; };
      })
    else [ ])
    items;

  show = path: lib.concatStringsSep "." path;
  ours = toString ./.;

  # Where `name` is defined, told without looking at the values.
  positions = name: items: concatMap
    (i: if isAttrs i.value && i.value ? ${name} then
      let at = b.unsafeGetAttrPos name i.value; in
      lib.optional (at != null) { file = toString at.file; line = at.line; }
    else [ ])
    items;

  # One node of the tree: its value, where it is defined, and its kids.
  node = path: places: declarations: items:
    let
      option = lib.findFirst lib.isOption null declarations;
      declared = filter (d: !lib.isOption d) declarations;
      wins = winners items;
      best = winners (items ++ fallback);
      fallback = if option != null && option ? default then
        [ { value = option.default; conditions = [ ]; priority = 1500; order = 1000; place = { file = ""; line = 0; }; } ]
      else [ ];
      context = b.addErrorContext "medic-option:${show path}:";
      typed =
        let values = map (i: i.value) best; in
        if best == [ ] then throw "it has no value: it is used, and nothing defines it"
        else if !all option.type.check values then
          throw "a definition is not of type `${option.type.name}'"
        else option.type.merge values;
      free =
        let values = map (i: i.value) wins; in
        if wins == [ ] then throw "it has no value: its condition does not hold"
        else if all isList values then lib.concatLists values
        else if length values > 1 && all lib.isString values && !all (v: v == head values) values then
          lib.concatStringsSep "\n" values
        else lib.last values;
      names = lib.unique (concatMap attrNames declared ++ concatMap (i: if isTree i.value then attrNames i.value else [ ]) items);
      wrong = filter (i: !isAttrs i.value) items;
      kids = if isInner && wrong != [ ] then
        throw "`${show path}' is set to a ${b.typeOf (head wrong).value}: it is a set of options"
      else lib.genAttrs names (n: node (path ++ [ n ]) (positions n items)
        (concatMap (d: lib.optional (d ? ${n}) d.${n}) declared)
        (children n items));
      isInner = option == null && (declared != [ ] || items != [ ] && all (i: isTree i.value) items);
    in
    if isInner then {
      inherit kids items places;
      inner = true;
      isDeclared = declared != [ ];
      value = mapAttrs (_: k: k.value) (lib.filterAttrs (_: k: k.inner || k.isDeclared || any holds k.items) kids);
    } else {
      inner = false;
      isDeclared = option != null;
      inherit items option places;
      kids = { };
      value = context (if option != null then typed else free);
      winning = wins;
    };

  # late: the value of an argument that only the configuration itself defines (_module.args).
  load = arguments: late: file: module:
    if lib.isPath module || lib.isString module then
      let
        directory = toString module;
        isInside = folder == "" || lib.hasPrefix "${folder}/" directory;
        isDirectory = b.pathExists (directory + "/default.nix");
        path = if isDirectory then directory + "/default.nix" else directory;
      in
      # nixpkgs' own modules, those of inputs, and what lies outside of the folder are not read.
      if lib.hasPrefix ours directory then load arguments late directory { }
      else if !isInside then load arguments late directory { } // { outside = [ directory ]; }
      else load arguments late path (b.scopedImport { __findFile = _: name: "${ours}/${name}"; } path)
    else if isFunction module then
      let
        wanted = b.functionArgs module;
        missing = filter (n: !(arguments ? ${n}) && !wanted.${n}) (attrNames wanted);
      in
      load arguments late file (module (arguments // lib.genAttrs missing late)) // { inherit missing; }
    else if isAttrs module then
      let structured = module ? config || module ? options; in {
        file = module._file or file;
        missing = [ ];
        outside = [ ];
        imports = module.imports or [ ];
        options = if structured then module.options or { } else { };
        config = if structured then module.config or { } else
          removeAttrs module [ "imports" "_file" "key" "disabledModules" "_class" "meta" "freeformType" "require" ];
      }
    else throw "a module is a ${b.typeOf module}: expected a function or an attribute set";

  # Every module with its imports, each file once.
  gather = arguments: late: roots:
    let
      entry = from: i: module: {
        key = if lib.isPath module || lib.isString module then toString module else "${from}#${toString i}";
        loaded = load arguments late from module;
      };
    in
    map (e: e.loaded) (b.genericClosure {
      startSet = lib.imap0 (entry "the configuration") roots;
      operator = e: lib.imap0 (entry e.loaded.file) e.loaded.imports;
    });

  nixosSystem = { modules ? [ ], specialArgs ? { }, pkgs ? pkgs_, system ? "x86_64-linux", lib ? lib_, ... }:
    let
      arguments = {
        inherit lib pkgs specialArgs;
        config = root.value;
        options = { };
        modulesPath = ours;
        utils = { };
      } // specialArgs;
      given = root.value._module.args or { };
      late = n: given.${n} or (throw "attribute '${n}' missing: nobody passes this module argument");
      own = load arguments late "nixos" (import ./options.nix);
      loaded = gather arguments late modules;
      items = concatMap
        (m: expand { value = m.config; conditions = [ ]; priority = 100; order = 1000; place = { file = toString m.file; line = 0; }; })
        (loaded ++ [ own ]);
      root = node [ ] [ ] ([ own.options ] ++ map (m: m.options) loaded) items;
    in
    {
      config = root.value;
      options = { };
      inherit pkgs lib;
      medic = {
        inherit root;
        missing = concatMap (m: map (n: { argument = n; file = toString m.file; })
          (filter (n: !(given ? ${n})) m.missing)) loaded;
        files = map (m: toString m.file) loaded;
        outside = lib.unique (concatMap (m: m.outside) loaded);
        passed = attrNames specialArgs;
      };
      extendModules = _: { config = root.value; };
    };
  pkgs_ = pkgs;
  lib_ = lib;
in
{ inherit nixosSystem pkgs lib; }
