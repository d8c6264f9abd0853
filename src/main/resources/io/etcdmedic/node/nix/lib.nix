# The part of nixpkgs' lib that configurations of nodes use, written anew for reading them: no function here builds.
{ names }:
let
  b = builtins;
  lib = rec {
    # -- wrappers that the module system understands -----------------------------------------------------------
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    mkOverride = priority: content: { _type = "override"; inherit priority content; };
    mkOrder = priority: content: { _type = "order"; inherit priority content; };
    mkOptionDefault = mkOverride 1500;
    mkDefault = mkOverride 1000;
    mkImageMediaOverride = mkOverride 60;
    mkForce = mkOverride 50;
    mkVMOverride = mkOverride 10;
    mkBefore = mkOrder 500;
    mkAfter = mkOrder 1500;
    mkDefinition = d: d.value;
    mkAssert = condition: message: content: if condition then content else throw message;
    mkOption = o: { _type = "option"; } // o;
    mkEnableOption = _: mkOption { default = false; type = types.bool; };
    mkPackageOption = pkgs: name: _: mkOption {
      default = pkgs.${if isList name then head name else name};
      type = types.package;
    };
    mkSinkUndeclaredOptions = _: { };
    mkRenamedOptionModule = _: _: { };
    mkRemovedOptionModule = _: _: { };
    mkAliasOptionModule = _: _: { };
    literalExpression = text: text;
    literalExample = text: text;
    literalMD = text: text;
    mdDoc = text: text;
    isType = t: v: isAttrs v && (v._type or "") == t;
    isOption = isType "option";
    setDefaultModuleLocation = file: m: { _file = file; imports = [ m ]; };

    types =
      let
        type = name: check: { _type = "option-type"; inherit name check; merge = one; };
        one = values: if length values == 1 || all (v: v == head values) values then head values else
          throw "it is defined ${toString (length values)} times, with different values";
        joined = separator: values: concatStringsSep separator values;
        isText = v: isString v || isPath v || isAttrs v && v ? outPath;
        # What stands behind mkIf, mkForce and their like inside of an attribute set.
        discharged = priority: v:
          if isType "merge" v then concatMap (discharged priority) v.contents
          else if isType "if" v then (if v.condition then discharged priority v.content else [ ])
          else if isType "override" v then discharged v.priority v.content
          else if isType "order" v then discharged priority v.content
          else [ { inherit priority; value = v; } ];
        winning = values:
          let
            found = concatMap (discharged 100) values;
            best = foldl' (p: i: if i.priority < p then i.priority else p) 9999 found;
          in map (i: i.value) (filter (i: i.priority == best) found);
        eachOf = of: values:
          let
            at = n: winning (concatMap (v: if v ? ${n} then [ v.${n} ] else [ ]) values);
            names = filter (n: at n != [ ]) (unique (concatMap attrNames values));
          in
          genAttrs names (n:
            if all of.check (at n) then of.merge (at n) else throw "its `${n}' is not of type `${of.name}'");
        isSet = v: isAttrs v && !(v ? outPath);
        deep = values: if length values > 0 && all isSet values then eachOf anything values else last values;
        anything = type "anything" (_: true) // { merge = deep; };
      in
      rec {
        bool = type "boolean" isBool;
        boolByOr = bool // { merge = any (v: v); };
        int = type "signed integer" isInt;
        ints = {
          unsigned = int;
          positive = int;
          between = _: _: int;
          u8 = int;
          u16 = int;
          u32 = int;
        };
        float = type "floating point number" isFloat;
        number = type "number" (v: isInt v || isFloat v);
        port = type "16 bit unsigned integer; between 0 and 65535 (both inclusive)"
          (v: isInt v && v >= 0 && v <= 65535);
        str = type "string" isString;
        singleLineStr = str;
        nonEmptyStr = type "non-empty string" (v: isString v && v != "");
        strMatching = pattern: type "string matching ${pattern}" (v: isString v && b.match pattern v != null);
        path = type "absolute path" (v: isText v && hasPrefix "/" (toString v));
        pathInStore = path;
        package = type "package" (v: isAttrs v && v ? outPath || isText v && hasPrefix "/" (toString v));
        shellPackage = package;
        lines = str // { name = "strings concatenated with \"\\n\""; merge = joined "\n"; };
        commas = str // { merge = joined ","; };
        envVar = str // { merge = joined ":"; };
        separatedString = s: str // { name = "strings concatenated with \"${s}\""; merge = joined s; };
        inherit anything;
        unspecified = anything;
        raw = anything;
        attrs = type "attribute set" isAttrs // { merge = foldl' (x: y: x // y) { }; };
        attrsOf = of: type "attribute set of ${of.name}" isAttrs // { inherit of; merge = eachOf of; };
        lazyAttrsOf = attrsOf;
        attrTag = _: attrs;
        submodule = _: attrs // { name = "submodule"; merge = eachOf anything; };
        submoduleWith = submodule;
        deferredModule = anything;
        optionType = anything;
        listOf = of: type "list of ${of.name}" (v: isList v && all of.check v) // { merge = concatLists; };
        nonEmptyListOf = listOf;
        enum = values: type "one of ${b.toJSON values}" (v: elem v values);
        nullOr = of: of // {
          name = "null or ${of.name}";
          check = v: v == null || of.check v;
          merge = values: if all (v: v == null) values then null else of.merge (filter (v: v != null) values);
        };
        oneOf = list: type (concatStringsSep " or " (map (t: t.name) list)) (v: any (t: t.check v) list);
        either = x: y: oneOf [ x y ];
        coercedTo = from: convert: to: to // {
          check = v: from.check v || to.check v;
          merge = values: to.merge (map (v: if from.check v then convert v else v) values);
        };
        uniq = t: t;
        unique = _: t: t;
        addCheck = t: check: t // { check = v: t.check v && check v; };
        functionTo = _: anything;
        internal = t: t;
      };

    # -- lists ---------------------------------------------------------------------------------------------------
    inherit (b) length head tail elemAt elem filter map concatLists concatMap foldl' all any genList sort partition
      groupBy isList isString isInt isFloat isBool isAttrs isFunction isPath isNull attrNames attrValues hasAttr
      getAttr removeAttrs listToAttrs intersectAttrs mapAttrs functionArgs stringLength substring replaceStrings
      concatStringsSep toString toJSON fromJSON readFile pathExists readDir split match tryEval throw abort trace
      seq deepSeq div add sub mul lessThan bitAnd bitOr bitXor catAttrs;
    foldl = f: z: list: foldl' f z list;
    foldr = f: z: list: if list == [ ] then z else f (head list) (foldr f z (tail list));
    fold = foldr;
    optional = c: v: if c then [ v ] else [ ];
    optionals = c: v: if c then v else [ ];
    singleton = v: [ v ];
    toList = v: if isList v then v else [ v ];
    last = list: elemAt list (length list - 1);
    init = list: take (length list - 1) list;
    take = n: list: genList (elemAt list) (if n < length list then n else length list);
    drop = n: list: genList (i: elemAt list (i + n)) (if length list > n then length list - n else 0);
    sublist = start: n: list: take n (drop start list);
    reverseList = list: genList (i: elemAt list (length list - i - 1)) (length list);
    unique = foldl' (found: v: if elem v found then found else found ++ [ v ]) [ ];
    flatten = v: if isList v then concatMap flatten v else [ v ];
    range = first: final: if first > final then [ ] else genList (i: first + i) (final - first + 1);
    replicate = n: v: genList (_: v) n;
    imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
    imap1 = f: list: genList (i: f (i + 1) (elemAt list i)) (length list);
    imap = imap1;
    zipListsWith = f: x: y: genList (i: f (elemAt x i) (elemAt y i)) (if length x < length y then length x else length y);
    zipLists = zipListsWith (fst: snd: { inherit fst snd; });
    findFirst = test: otherwise: list:
      let found = filter test list; in if found == [ ] then otherwise else head found;
    count = test: list: length (filter test list);
    remove = v: filter (x: x != v);
    subtractLists = less: filter (v: !elem v less);
    intersectLists = x: filter (v: elem v x);
    forEach = list: f: map f list;
    sortOn = f: sort (x: y: f x < f y);
    crossLists = f: foldl (fs: args: concatMap (g: map g args) fs) [ f ];

    # -- attribute sets ------------------------------------------------------------------------------------------
    nameValuePair = name: value: { inherit name value; };
    mapAttrsToList = f: set: map (n: f n set.${n}) (attrNames set);
    attrsToList = mapAttrsToList nameValuePair;
    mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
    concatMapAttrs = f: set: foldl' (x: y: x // y) { } (mapAttrsToList f set);
    filterAttrs = test: set: listToAttrs (concatMap (n: if test n set.${n} then [ (nameValuePair n set.${n}) ] else [ ]) (attrNames set));
    genAttrs = list: f: listToAttrs (map (n: nameValuePair n (f n)) list);
    optionalAttrs = c: set: if c then set else { };
    recursiveUpdate = x: y: x // mapAttrs
      (n: v: if hasAttr n x && isAttrs v && isAttrs x.${n} && !(v ? outPath) then recursiveUpdate x.${n} v else v) y;
    recursiveUpdateUntil = _: recursiveUpdate;
    attrByPath = path: otherwise: set:
      if path == [ ] then set
      else if isAttrs set && hasAttr (head path) set then attrByPath (tail path) otherwise set.${head path}
      else otherwise;
    hasAttrByPath = path: set: path == [ ] || isAttrs set && hasAttr (head path) set && hasAttrByPath (tail path) set.${head path};
    getAttrFromPath = path: set: attrByPath path (throw "cannot find attribute `${concatStringsSep "." path}'") set;
    setAttrByPath = path: v: if path == [ ] then v else { ${head path} = setAttrByPath (tail path) v; };
    attrVals = list: set: map (n: set.${n}) list;
    getAttrs = list: set: genAttrs list (n: set.${n});
    zipAttrsWith = f: sets: genAttrs (unique (concatMap attrNames sets)) (n: f n (catAttrs n sets));
    zipAttrs = zipAttrsWith (_: v: v);
    foldAttrs = f: z: sets: mapAttrs (_: foldr f z) (zipAttrs sets);
    foldlAttrs = f: z: set: foldl' (x: n: f x n set.${n}) z (attrNames set);
    mergeAttrs = x: y: x // y;
    mergeAttrsList = foldl' mergeAttrs { };
    mapAttrsRecursive = f: set:
      let go = path: mapAttrs (n: v: if isAttrs v then go (path ++ [ n ]) v else f (path ++ [ n ]) v); in go [ ] set;
    isDerivation = v: isAttrs v && (v.type or "") == "derivation";
    getBin = p: p;
    getLib = p: p;
    getDev = p: p;
    getExe = p: "${p}/bin/${p.meta.mainProgram or p.pname or p.name}";
    getExe' = p: name: "${p}/bin/${name}";
    makeBinPath = list: concatMapStringsSep ":" (p: "${p}/bin") list;
    makeLibraryPath = list: concatMapStringsSep ":" (p: "${p}/lib") list;
    overrideDerivation = p: _: p;
    makeOverridable = f: args: f args;
    callPackageWith = _: f: args: if isFunction f then f args else import f args;

    # -- strings -------------------------------------------------------------------------------------------------
    concatStrings = concatStringsSep "";
    concatMapStrings = f: list: concatStrings (map f list);
    concatMapStringsSep = s: f: list: concatStringsSep s (map f list);
    concatImapStringsSep = s: f: list: concatStringsSep s (imap1 f list);
    concatLines = list: concatMapStrings (l: l + "\n") list;
    optionalString = c: s: if c then s else "";
    hasPrefix = p: s: substring 0 (stringLength p) s == p;
    hasSuffix = p: s:
      stringLength s >= stringLength p && substring (stringLength s - stringLength p) (stringLength p) s == p;
    hasInfix = infix: s: length (b.split (escapeRegex infix) s) > 1;
    removePrefix = p: s: if hasPrefix p s then substring (stringLength p) (stringLength s) s else s;
    removeSuffix = p: s: if hasSuffix p s then substring 0 (stringLength s - stringLength p) s else s;
    stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
    escape = list: replaceStrings list (map (c: "\\" + c) list);
    escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
    escapeShellArg = s: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString s)}'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    escapeNixString = s: b.toJSON s;
    escapeSystemdExecArg = s: b.toJSON (toString s);
    escapeSystemdExecArgs = concatMapStringsSep " " escapeSystemdExecArg;
    splitString = sep: s: filter isString (b.split (escapeRegex sep) s);
    trim = s: let m = b.match "[[:space:]]*(.*[^[:space:]])[[:space:]]*" s; in if m == null then "" else head m;
    upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
    toLower = replaceStrings upperChars lowerChars;
    toUpper = replaceStrings lowerChars upperChars;
    toSentenceCase = s: s;
    boolToString = v: if v then "true" else "false";
    boolToYesNo = v: if v then "yes" else "no";
    toInt = s: b.fromJSON s;
    toIntBase10 = toInt;
    fixedWidthNumber = _: toString;
    fileContents = f: removeSuffix "\n" (readFile f);
    versionOlder = x: y: b.compareVersions y x == 1;
    versionAtLeast = x: y: !versionOlder x y;
    versions = {
      splitVersion = b.splitVersion;
      major = v: elemAt (b.splitVersion v) 0;
      minor = v: elemAt (b.splitVersion v) 1;
      majorMinor = v: concatStringsSep "." (take 2 (b.splitVersion v));
    };
    getName = p: p.pname or p.name or p;
    getVersion = p: p.version or "";
    importJSON = f: b.fromJSON (readFile f);
    importTOML = f: b.fromTOML (readFile f);

    # -- the rest ------------------------------------------------------------------------------------------------
    id = x: x;
    const = x: _: x;
    pipe = foldl' (x: f: f x);
    flip = f: x: y: f y x;
    compose = f: g: x: f (g x);
    fix = f: let x = f x; in x;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    max = x: y: if x > y then x else y;
    min = x: y: if x < y then x else y;
    mod = x: y: x - y * (x / y);
    mapNullable = f: x: if x == null then x else f x;
    defaultTo = otherwise: x: if x == null then otherwise else x;
    warn = _: x: x;
    warnIf = _: _: x: x;
    warnIfNot = _: _: x: x;
    showWarnings = _: x: x;
    assertMsg = condition: message: condition || throw message;
    assertOneOf = _: _: _: true;
    throwIf = condition: message: if condition then throw message else x: x;
    throwIfNot = condition: throwIf (!condition);
    traceVal = x: x;
    nameFromURL = url: _: url;
    cleanSource = p: p;
    sourceByRegex = p: _: p;
    recurseIntoAttrs = x: x;
    hydraJob = x: x;
    maintainers = { };
    teams = { };
    licenses = { };
    platforms = { linux = [ "x86_64-linux" "aarch64-linux" ]; all = platforms.linux; unix = platforms.linux; };
    systems = { flakeExposed = platforms.linux; examples = { }; };
    trivial = { release = "26.05"; version = "26.05"; } // lib_;
    version = "26.05";
    generators = {
      toJSON = _: b.toJSON;
      toYAML = _: b.toJSON;
      toINI = _: b.toJSON;
      toKeyValue = _: b.toJSON;
      toPretty = _: b.toJSON;
      mkValueStringDefault = _: toString;
      mkKeyValueDefault = _: sep: k: v: "${k}${sep}${toString v}";
    };
    cli = {
      toGNUCommandLine = _: set: concatLists (mapAttrsToList
        (n: v: if v == true then [ "--${n}" ] else if isList v then concatMap (x: [ "--${n}" (toString x) ]) v
               else if v == null || v == false then [ ] else [ "--${n}" (toString v) ]) set);
      toGNUCommandLineShell = o: set: escapeShellArgs (cli.toGNUCommandLine o set);
    };
    lib_ = removeAttrs lib [ "lib_" "trivial" ];
    strings = lib_;
    lists = lib_;
    attrsets = lib_;
    modules = lib_;
    options = lib_;
    debug = lib_;
    path = { append = x: y: x + "/${y}"; subpath = { }; };
    fileset = { toSource = o: o.root; unions = x: x; };
    filesystem = { listFilesRecursive = _: [ ]; };
    nixosSystem = args: (import ./modules.nix { inherit names; }).nixosSystem args;
    evalModules = args: (import ./modules.nix { inherit names; }).nixosSystem args;
  };
in
lib
