package dev.baton.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The arrows of ARCHITECTURE.md.
@AnalyzeClasses(packages = "dev.baton", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule CORE_DEPENDS_ON_THE_JDK_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.core..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.baton.core..",
              "dev.baton.model..",
              "java..",
              "org.jspecify..",
              "org.sqlite..",
              "tools.jackson..",
              "com.fasterxml.jackson.annotation..")
          .because("decisions are tested and simulated without sockets, processes or a database");

  @ArchTest
  static final ArchRule DECISIONS_ARE_PURE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.baton.core.move..", "dev.baton.core.cluster..", "dev.baton.core.drill..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio..", "java.sql..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .because("the same events must give the same steps, in the simulation and at night");

  @ArchTest
  static final ArchRule NET_KNOWS_NO_ENGINE_AND_NO_SERVICE =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.net..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.baton.engine..", "dev.baton.service..")
          .because("it is what both of them stand on");

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NO_SERVICE =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.baton.service..")
          .because("a second engine must fit in the same place");

  @ArchTest
  static final ArchRule SERVICE_KNOWS_NO_ENGINE =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.baton.engine..", "org.postgresql..")
          .because("nothing outside an engine's packages knows which database it is");

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_SERVICE_ARE_A_LADDER = noCircle("dev.baton.service.(*)..");

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_ENGINE_ARE_A_LADDER =
      noCircle("dev.baton.engine.postgres.(*)..");

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_CORE_ARE_A_LADDER = noCircle("dev.baton.core.(*)..");

  private static ArchRule noCircle(String packages) {
    return slices()
        .matching(packages)
        .should()
        .beFreeOfCycles()
        .because("each is read and tested with what stands below it alone");
  }

  @ArchTest
  static final ArchRule NOBODY_SLEEPS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.baton.lab..")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .because("a wait has a condition and a bound");
}
