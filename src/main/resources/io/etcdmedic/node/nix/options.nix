# The options of NixOS that decide how a Kubernetes node runs, with the defaults of nixpkgs' modules as of 26.05: our
# own declarations, for reading configurations. What the real modules derive from them is derived here as well, as far
# as it decides something (the kubelet's start script, containerd's settings).
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption mkDefault mkIf mkMerge types;
  top = config.services.kubernetes;
  etcd = config.services.etcd;
  option = type: default: mkOption { inherit type default; };
  needed = type: mkOption { inherit type; };
  enable = option types.bool false;
  text = types.str;
  texts = types.listOf text;
  file = types.nullOr types.path;
  gates = option (types.attrsOf types.bool) top.featureGates;
  extra = option (types.separatedString " ") "";
  verbosity = option (types.nullOr types.int) null;
  kubeconfig = {
    server = option text top.apiserverAddress;
    caFile = option file top.caFile;
    certFile = option file null;
    keyFile = option file null;
  };
  anyOn = top.apiserver.enable || top.scheduler.enable || top.controllerManager.enable || top.kubelet.enable || top.proxy.enable;
  pause = pkgs.dockerTools.buildImage { name = "pause"; tag = "latest"; };
  unit = {
    preStart = option types.lines "";
    postStart = option types.lines "";
    serviceConfig = option types.attrs { };
    environment = option types.attrs { };
    path = option types.anything [ ];
    enable = option types.bool true;
  };
in
{
  options = {
    networking = {
      hostName = option text config.medic.hostName;
      domain = option (types.nullOr text) null;
      fqdn = option text config.networking.fqdnOrHostName;
      fqdnOrHostName = option text (if config.networking.domain == null then config.networking.hostName
        else "${config.networking.hostName}.${config.networking.domain}");
      firewall.enable = option types.bool true;
      firewall.allowedTCPPorts = option (types.listOf types.port) [ ];
    };
    medic.hostName = option text "nixos";
    medic.sandboxImage = option text "docker.io/library/pause:latest";
    environment.systemPackages = option (types.listOf types.package) [ ];
    environment.etc = option (types.attrsOf types.anything) { };
    assertions = option (types.listOf types.anything) [ ];
    warnings = option texts [ ];
    system.stateVersion = option text "";
    systemd.tmpfiles.rules = option texts [ ];
    systemd.services = lib.genAttrs
      [ "kubelet" "kube-apiserver" "kube-controller-manager" "kube-scheduler" "kube-proxy" "etcd" "containerd" ]
      (_: unit);

    services.etcd = {
      inherit enable;
      package = option types.package pkgs.etcd;
      name = option text config.networking.hostName;
      advertiseClientUrls = option texts etcd.listenClientUrls;
      listenClientUrls = option texts [ "http://127.0.0.1:2379" ];
      listenPeerUrls = option texts [ "http://127.0.0.1:2380" ];
      initialAdvertisePeerUrls = option texts etcd.listenPeerUrls;
      initialCluster = option texts [ "${etcd.name}=http://127.0.0.1:2380" ];
      initialClusterState = option (types.enum [ "new" "existing" ]) "new";
      initialClusterToken = option text "etcd-cluster";
      discovery = option text "";
      clientCertAuth = option types.bool false;
      trustedCaFile = option file null;
      certFile = option file null;
      keyFile = option file null;
      openFirewall = option types.bool false;
      peerCertFile = option file etcd.certFile;
      peerKeyFile = option file etcd.keyFile;
      peerTrustedCaFile = option file etcd.trustedCaFile;
      peerClientCertAuth = option types.bool false;
      extraConf = option (types.attrsOf text) { };
      dataDir = option types.path "/var/lib/etcd";
    };

    services.kubernetes = {
      roles = option (types.listOf (types.enum [ "master" "node" ])) [ ];
      package = option types.package pkgs.kubernetes;
      kubeconfig = kubeconfig;
      apiserverAddress = option text (
        if top.apiserver.advertiseAddress != null then "https://${top.apiserver.advertiseAddress}"
        else "https://${top.masterAddress}:${toString top.apiserver.securePort}");
      caFile = option file (if top.easyCerts then "/var/lib/kubernetes/secrets/ca.pem" else null);
      dataDir = option types.path "/var/lib/kubernetes";
      easyCerts = option types.bool false;
      featureGates = option (types.attrsOf types.bool) { };
      masterAddress = option text "NOTHING-SETS-masterAddress";
      path = option (types.listOf types.package) [ ];
      clusterCidr = option (types.nullOr text) "10.1.0.0/16";
      secretsPath = option types.path "/var/lib/kubernetes/secrets";
      lib = option types.anything { };
      pki = {
        enable = option types.bool top.easyCerts;
        certs = option types.attrs { };
        genCfsslCACert = option types.bool true;
        genCfsslAPICerts = option types.bool true;
        genCfsslAPIToken = option types.bool true;
        pkiTrustOnBootstrap = option types.bool true;
        caCertPathPrefix = option types.path "/var/lib/cfssl/ca";
        caSpec = option types.attrs { };
        cfsslAPIExtraSANs = option texts [ ];
        etcClusterAdminKubeconfig = option (types.nullOr text) null;
      };
      flannel.enable = option types.bool (top.roles != [ ]);
      flannel.openFirewallPorts = option types.bool true;
      addonManager = {
        enable = option types.bool (lib.elem "master" top.roles);
        addons = option types.attrs { };
        bootstrapAddons = option types.attrs { };
      };
      addons.dns = {
        enable = option types.bool anyOn;
        clusterDomain = option text "cluster.local";
        clusterIp = option text "";
        replicas = option types.int 2;
        reconcileMode = option text "Reconcile";
        corefile = option text "";
        coredns = option types.attrs { };
        coredns_ = option types.attrs { };
      };

      apiserver = {
        inherit enable verbosity;
        advertiseAddress = option (types.nullOr text) null;
        allowPrivileged = option types.bool false;
        authorizationMode = option (types.listOf (types.enum [ "AlwaysAllow" "AlwaysDeny" "ABAC" "Webhook" "RBAC" "Node" ])) [ "RBAC" "Node" ];
        authorizationPolicy = option (types.listOf types.attrs) [ ];
        basicAuthFile = option file null;
        bindAddress = option text "0.0.0.0";
        clientCaFile = option file top.caFile;
        disableAdmissionPlugins = option texts [ ];
        enableAdmissionPlugins = option texts [
          "NamespaceLifecycle"
          "LimitRanger"
          "ServiceAccount"
          "ResourceQuota"
          "DefaultStorageClass"
          "DefaultTolerationSeconds"
          "NodeRestriction"
        ];
        etcd.servers = option texts [ "https://${top.masterAddress}:2379" ];
        etcd.keyFile = option file null;
        etcd.certFile = option file null;
        etcd.caFile = option file top.caFile;
        extraOpts = extra;
        extraSANs = option texts [ ];
        featureGates = gates;
        kubeletClientCaFile = option file top.caFile;
        kubeletClientCertFile = option file null;
        kubeletClientKeyFile = option file null;
        preferredAddressTypes = option (types.nullOr text) null;
        proxyClientCertFile = option file null;
        proxyClientKeyFile = option file null;
        runtimeConfig = option text "authentication.k8s.io/v1beta1=true";
        storageBackend = option (types.enum [ "etcd2" "etcd3" ]) "etcd3";
        securePort = option types.port 6443;
        apiAudiences = option text "api,https://kubernetes.default.svc";
        serviceAccountIssuer = option text "https://kubernetes.default.svc";
        serviceAccountSigningKeyFile = needed types.path;
        serviceAccountKeyFile = needed types.path;
        serviceClusterIpRange = option text "10.0.0.0/24";
        tlsCertFile = option file null;
        tlsKeyFile = option file null;
        tokenAuthFile = option file null;
        webhookConfig = option file null;
      };

      controllerManager = {
        inherit enable verbosity kubeconfig;
        allocateNodeCIDRs = option types.bool true;
        bindAddress = option text "127.0.0.1";
        clusterCidr = option (types.nullOr text) top.clusterCidr;
        extraOpts = extra;
        featureGates = gates;
        leaderElect = option types.bool true;
        rootCaFile = option file top.caFile;
        securePort = option types.port 10252;
        serviceAccountKeyFile = option file null;
        tlsCertFile = option file null;
        tlsKeyFile = option file null;
      };

      scheduler = {
        inherit enable verbosity kubeconfig;
        address = option text "127.0.0.1";
        extraOpts = extra;
        featureGates = gates;
        leaderElect = option types.bool true;
        port = option types.port 10251;
      };

      proxy = {
        inherit enable verbosity kubeconfig;
        bindAddress = option text "0.0.0.0";
        extraOpts = extra;
        featureGates = gates;
        hostname = option text config.networking.hostName;
      };

      kubelet = {
        inherit enable verbosity kubeconfig;
        address = option text "0.0.0.0";
        clusterDns = option texts [ "10.1.0.1" ];
        clusterDomain = option text top.addons.dns.clusterDomain;
        clientCaFile = option file top.caFile;
        cni.packages = option (types.listOf types.package) [ ];
        cni.config = option (types.listOf types.attrs) [ ];
        cni.configDir = option file null;
        containerRuntimeEndpoint = option text "unix:///run/containerd/containerd.sock";
        extraConfig = option (types.attrsOf types.anything) { };
        extraOpts = extra;
        featureGates = gates;
        healthz.bind = option text "127.0.0.1";
        healthz.port = option types.port 10248;
        hostname = option text (lib.toLower config.networking.fqdnOrHostName);
        manifests = option (types.attrsOf types.attrs) { };
        nodeIp = option (types.nullOr text) null;
        registerNode = option types.bool true;
        port = option types.port 10250;
        seedDockerImages = option (types.listOf types.package) [ ];
        taints = option (types.attrsOf types.attrs) { };
        tlsCertFile = option file null;
        tlsKeyFile = option file null;
        unschedulable = option types.bool (lib.all (role: role == "master") top.roles);
      };
    };

    virtualisation.containerd = {
      inherit enable;
      configFile = option file null;
      args = option (types.attrsOf types.anything) { };
      # settings is a tree whose leaves are merged one by one: not declared here.
    };
  };

  config = mkMerge [
    (mkIf top.apiserver.enable {
      services.etcd = {
        clientCertAuth = mkDefault true;
        peerClientCertAuth = mkDefault true;
        listenClientUrls = mkDefault [ "https://0.0.0.0:2379" ];
        listenPeerUrls = mkDefault [ "https://0.0.0.0:2380" ];
        advertiseClientUrls = mkDefault [ "https://${top.masterAddress}:2379" ];
        initialCluster = mkDefault [ "${top.masterAddress}=https://${top.masterAddress}:2380" ];
        name = mkDefault top.masterAddress;
        initialAdvertisePeerUrls = mkDefault [ "https://${top.masterAddress}:2380" ];
      };
    })
    (mkIf top.kubelet.enable {
      services.kubernetes.kubelet = {
        cni.packages = [ pkgs.cni-plugins pkgs.cni-plugin-flannel ];
        seedDockerImages = [ pause ];
      };
      systemd.services.kubelet.preStart = ''
        ${lib.concatMapStrings (image: ''
          echo "Seeding container image: ${image}"
          ctr -n k8s.io image import ${image}
        '') top.kubelet.seedDockerImages}
        rm /opt/cni/bin/* || true
        ${lib.concatMapStrings (package: ''
          echo "Linking cni package: ${package}"
          ln -fs ${package}/bin/* /opt/cni/bin
        '') top.kubelet.cni.packages}
      '';
      virtualisation.containerd.enable = mkDefault true;
      virtualisation.containerd.settings = {
        version = mkDefault 2;
        root = mkDefault "/var/lib/containerd";
        state = mkDefault "/run/containerd";
        oom_score = mkDefault 0;
        grpc.address = mkDefault "/run/containerd/containerd.sock";
        plugins."io.containerd.grpc.v1.cri" = {
          sandbox_image = mkDefault config.medic.sandboxImage;
          cni.bin_dir = mkDefault "/opt/cni/bin";
          cni.max_conf_num = mkDefault 0;
          containerd.runtimes.runc.runtime_type = mkDefault "io.containerd.runc.v2";
          containerd.runtimes.runc.options.SystemdCgroup = mkDefault true;
        };
      };
    })
  ];
}
