package dev.baton.installers;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// Which modules of the JDK the classes of jars name. jdeps says that only of jars that are modules
/// all or none, which those of a class path are not.
final class ModuleNeeds {
  private final Map<String, String> modules = new HashMap<>();

  ModuleNeeds() {
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      for (String name : module.descriptor().packages()) {
        modules.put(name.replace('.', '/'), module.descriptor().name());
      }
    }
  }

  /// Each module with a class that names it.
  SortedMap<String, String> of(List<Path> jars) throws IOException {
    SortedMap<String, String> needs = new TreeMap<>();
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        for (JarEntry entry : file.stream().toList()) {
          if (entry.getName().endsWith(".class")
              && !entry.getName().endsWith("module-info.class")) {
            look(file.getInputStream(entry).readAllBytes(), jar.getFileName().toString(), needs);
          }
        }
      }
    }
    return needs;
  }

  private void look(byte[] bytes, String jar, Map<String, String> needs) {
    ClassModel model = ClassFile.of().parse(bytes);
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry named) {
        String name = named.asInternalName();
        int end = name.lastIndexOf('/');
        String module =
            end < 0
                ? null
                : modules.get(
                    name.substring(name.lastIndexOf('[') + 1, end).replaceFirst("^L(?=java)", ""));
        if (module != null) {
          needs.putIfAbsent(
              module, model.thisClass().asInternalName() + " (" + jar + ") names " + name);
        }
      }
    }
  }
}
