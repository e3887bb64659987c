package dev.baton.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.baton", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule VIEW_MODELS_KNOW_NO_SCENE =
      noClasses()
          .that()
          .resideInAnyPackage("dev.baton.console.model", "dev.baton.console.link")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "javafx.scene..", "javafx.stage..", "javafx.application..", "javafx.animation..")
          .because("view models are tested without a toolkit and shown by more than one view");

  @ArchTest
  static final ArchRule THE_CONSOLE_KNOWS_SHARED_MODEL_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.baton.core..",
              "dev.baton.service..",
              "dev.baton.engine..",
              "dev.baton.net..",
              "dev.baton.lab..")
          .because("an agent and a console of different versions meet at the control interface");

  @ArchTest
  static final ArchRule ONLY_RCP_KNOWS_THE_WORKBENCHS_INSIDES =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.baton.console.rcp")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.eclipse.e4.ui.internal..",
              "org.eclipse.e4.ui.model..",
              "org.eclipse.emf..",
              "org.osgi..",
              "org.eclipse.osgi..",
              "org.eclipse.e4.core.contexts..")
          .because("views are tested alone, and e4's internals change from release to release");

  @ArchTest
  static final ArchRule RCP_KNOWS_NOTHING_OF_BATON =
      classes()
          .that()
          .resideInAPackage("dev.baton.console.rcp")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.baton.console.model..",
              "dev.baton.console.view..",
              "dev.baton.console.link..",
              "dev.baton.model..")
          .because("the workbench renders any application model");

  @ArchTest
  static final ArchRule THE_LINK_KNOWS_NO_VIEW_MODELS =
      noClasses()
          .that()
          .resideInAPackage("dev.baton.console.link")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.baton.console.model..", "dev.baton.console.view..")
          .because("data flows from the link to the models to the views");
}
